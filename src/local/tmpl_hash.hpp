// SPDX-License-Identifier: BSD-3-Clause
//
// hmac over a hash without key, cmac, xcbc, cbcmac and vmac64 over a bare block cipher. Plain code, to be
// agreed with and not to be fast; a library's own goes first.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

[[nodiscard]] bool fill_hmac(driver &instance) noexcept;
[[nodiscard]] bool fill_cmac(driver &instance) noexcept;
[[nodiscard]] bool fill_xcbc(driver &instance) noexcept;
[[nodiscard]] bool fill_cbcmac(driver &instance) noexcept;
[[nodiscard]] bool fill_vmac(driver &instance) noexcept;

} // namespace kcapi::local
