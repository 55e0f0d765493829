// SPDX-License-Identifier: BSD-3-Clause
//
// hctr2 over a bare cipher of 16-byte blocks (Crowley, Huckleberry and Biggers, "Length-preserving encryption
// with HCTR2", section 3), with a tweak of 32 bytes: the whole message is one block, of 16 bytes or more. The
// IV is not moved.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_hctr2(driver &instance) noexcept;

} // namespace kcapi::local
