// SPDX-License-Identifier: BSD-3-Clause
//
// chacha20 and xchacha20 over libcrypto's ChaCha20, with the kernel's IVs: words 12 to 15 of the state; and
// 24 bytes of nonce and eight of words 12 and 13. The counter is 32 bits wide and does not carry, where
// libcrypto's does. The IV is not moved.
#pragma once

#include "local/driver.hpp"

namespace kcapi::openssl {

[[nodiscard]] bool chacha_available(const local::driver &self, bool fips) noexcept;
[[nodiscard]] int make_chacha20(const local::driver &self, base::bytes key,
                                std::unique_ptr<local::skcipher_key> &out) noexcept;
[[nodiscard]] int make_xchacha20(const local::driver &self, base::bytes key,
                                 std::unique_ptr<local::skcipher_key> &out) noexcept;

} // namespace kcapi::openssl
