// SPDX-License-Identifier: BSD-3-Clause
//
// Modes over AES that are faster here than in libcrypto: libgcrypt 1.10 has them for AVX-512 with VAES.
// EINVAL, ENOMEM, EIO.
#pragma once

#include "local/driver.hpp"

namespace kcapi::gcrypt {

using skcipher_factory = int(const local::driver &self, base::bytes key,
                             std::unique_ptr<local::skcipher_key> &out) noexcept;

[[nodiscard]] skcipher_factory make_cbc;
[[nodiscard]] skcipher_factory make_ctr;
[[nodiscard]] skcipher_factory make_xts;

} // namespace kcapi::gcrypt
