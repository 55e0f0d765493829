// SPDX-License-Identifier: BSD-3-Clause
//
// ecb, cbc, ctr and xts over a bare block cipher; cts over cbc. Plain code, to be agreed with and not to be
// fast: a library's own mode has the higher priority.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_ecb(driver &instance) noexcept;
bool fill_cbc(driver &instance) noexcept;
bool fill_ctr(driver &instance) noexcept;
bool fill_xts(driver &instance) noexcept;
bool fill_cts(driver &instance) noexcept;

} // namespace kcapi::local
