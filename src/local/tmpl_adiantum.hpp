// SPDX-License-Identifier: BSD-3-Clause
//
// adiantum(S,C) over the stream cipher S, xchacha12 or xchacha20, and the bare cipher C of 16-byte blocks and
// 32-byte keys (Crowley and Biggers, "Adiantum: length-preserving encryption for entry-level processors"),
// with a tweak of 32 bytes: the whole message is one block, of 16 bytes or more. The IV is not moved.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_adiantum(driver &instance) noexcept;

} // namespace kcapi::local
