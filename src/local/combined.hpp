// SPDX-License-Identifier: BSD-3-Clause
//
// One skcipher by two drivers: the first for the work that its record says it is best at, the second for all
// else. They take turns even within a message, since what they leave in the chain is the same.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// Fills limits and factory of a record over two drivers of one algorithm, `parts`. Its names are the
/// caller's.
void fill_combined(driver &instance) noexcept;

} // namespace kcapi::local
