// SPDX-License-Identifier: BSD-3-Clause
//
// lrw over a bare cipher of 16-byte blocks (Liskov, Rivest and Wagner, "Tweakable block ciphers", as IEEE
// P1619 once drafted it): block i is E(P ^ T) ^ T with T = tweak key * i in GF(2^128). The IV is the index of
// the first block, big-endian, and goes on from pass to pass.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_lrw(driver &instance) noexcept;

} // namespace kcapi::local
