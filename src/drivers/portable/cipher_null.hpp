// SPDX-License-Identifier: BSD-3-Clause
//
// cipher_null and ecb(cipher_null): what comes in goes out. No key, blocks of one byte.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_null_cipher(const local::driver &self, base::bytes key,
                                   std::unique_ptr<local::cipher_key> &out) noexcept;
[[nodiscard]] int make_null_ecb(const local::driver &self, base::bytes key,
                                std::unique_ptr<local::skcipher_key> &out) noexcept;

} // namespace kcapi::portable
