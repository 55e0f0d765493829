// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers for a driver before it serves: every self-test vector of its algorithm, both directions.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// True if there are vectors for the driver's algorithm and it gets all of them right. A template instance
/// whose algorithm has none must be consistent.
[[nodiscard]] bool passes_self_test(const driver &d) noexcept;

} // namespace kcapi::local
