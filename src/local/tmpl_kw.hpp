// SPDX-License-Identifier: BSD-3-Clause
//
// kw over a bare cipher of 16-byte blocks: key wrapping of RFC 3394 with the integrity register kept out of
// the data. Encryption ignores its IV and leaves the register in the chain; decryption takes the register for
// its IV, checks it, and leaves the chain alone.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_kw(driver &instance) noexcept;

} // namespace kcapi::local
