// SPDX-License-Identifier: BSD-3-Clause
//
// pcbc, cfb and ofb over a bare block cipher of any block size. The chain goes on from pass to pass as if
// they were one message.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_pcbc(driver &instance) noexcept;
bool fill_cfb(driver &instance) noexcept;
bool fill_ofb(driver &instance) noexcept;

} // namespace kcapi::local
