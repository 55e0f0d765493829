// SPDX-License-Identifier: BSD-3-Clause
//
// xctr over a bare cipher of 16-byte blocks, and rfc3686 over ctr of one. Neither moves its IV: a pass
// without a new one starts the keystream again, as in the kernel.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_xctr(driver &instance) noexcept;
bool fill_rfc3686(driver &instance) noexcept;

/// XCTR (Crowley, Huckleberry and Biggers, "Length-preserving encryption with HCTR2", section 3): the
/// keystream's block i, from 1, is the encryption of `nonce` ^ i, i being little-endian. 0 or what the cipher
/// answers. `in` may equal `out`.
[[nodiscard]] int xctr_crypt(cipher_context &cipher, const std::uint8_t *nonce, const std::uint8_t *in,
                             std::uint8_t *out, std::size_t length) noexcept;

} // namespace kcapi::local
