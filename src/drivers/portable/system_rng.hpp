// SPDX-License-Identifier: BSD-3-Clause
//
// jitterentropy_rng, as whoever asks the kernel for it sees it: random bytes that nobody can repeat, without
// a seed, and any seed is taken and plays no part. The kernel's measures the time that its own instructions
// take; here the bytes are getrandom(2)'s, of the pool that the kernel fills from that source among others.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_system_rng(const local::driver &self, std::unique_ptr<local::rng_state> &out) noexcept;

} // namespace kcapi::portable
