// SPDX-License-Identifier: BSD-3-Clause
//
// The aead templates. rfc4106, rfc4309 and rfc4543 are gcm and ccm as IPsec uses them: the key brings the
// first bytes of each nonce, the salt. authenc puts a keyed hash over a cipher.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_rfc4106(driver &instance) noexcept;
bool fill_rfc4309(driver &instance) noexcept;
bool fill_rfc4543(driver &instance) noexcept;
bool fill_authenc(driver &instance) noexcept;

} // namespace kcapi::local
