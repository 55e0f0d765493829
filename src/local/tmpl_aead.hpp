// SPDX-License-Identifier: BSD-3-Clause
//
// The aead templates. rfc4106, rfc4309 and rfc4543 are gcm and ccm as IPsec uses them: the key brings the
// first bytes of each nonce, the salt. authenc puts a keyed hash over a cipher. gcm and ccm over a bare
// cipher are plain code, to be agreed with; a library's own goes first.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_rfc4106(driver &instance) noexcept;
bool fill_rfc4309(driver &instance) noexcept;
bool fill_rfc4543(driver &instance) noexcept;
bool fill_authenc(driver &instance) noexcept;
bool fill_authencesn(driver &instance) noexcept;
bool fill_krb5enc(driver &instance) noexcept;
bool fill_essiv_aead(driver &instance) noexcept;
bool fill_seqiv(driver &instance) noexcept;
bool fill_echainiv(driver &instance) noexcept;
bool fill_gcm(driver &instance) noexcept;
bool fill_ccm(driver &instance) noexcept;

} // namespace kcapi::local
