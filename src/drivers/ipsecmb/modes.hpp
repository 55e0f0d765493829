// SPDX-License-Identifier: BSD-3-Clause
//
// The factories of this folder. EINVAL for a length of key that AES does not have, ENOMEM.
#pragma once

#include "local/driver.hpp"

namespace kcapi::ipsecmb {

[[nodiscard]] int make_gcm(const local::driver &self, base::bytes key,
                           std::unique_ptr<local::aead_key> &out) noexcept;
[[nodiscard]] int make_ctr(const local::driver &self, base::bytes key,
                           std::unique_ptr<local::skcipher_key> &out) noexcept;
[[nodiscard]] int make_cbc(const local::driver &self, base::bytes key,
                           std::unique_ptr<local::skcipher_key> &out) noexcept;

} // namespace kcapi::ipsecmb
