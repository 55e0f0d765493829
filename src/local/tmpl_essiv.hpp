// SPDX-License-Identifier: BSD-3-Clause
//
// essiv(cbc(X),H): CBC whose IV is the encryption, under the salt H(key), of the IV given. What a pass leaves
// is the last ciphertext block, which the next pass encrypts again: it does not continue the message, and
// neither does the kernel's.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_essiv(driver &instance) noexcept;

/// The key that IVs are encrypted under: the mode itself, one block of CBC from an IV of zeros being the bare
/// cipher, with the digest of `parts`, one after the other, for its key. 0 or what the two answer.
[[nodiscard]] int make_essiv_salt(const driver &cbc, const driver &hash,
                                  std::initializer_list<base::bytes> parts,
                                  std::unique_ptr<skcipher_key> &out) noexcept;

} // namespace kcapi::local
