// SPDX-License-Identifier: BSD-3-Clause
//
// One algorithm by two drivers. A skcipher: the first for the work that its record says it is best at, the
// second for all else; they take turns even within a message, since what they leave in the chain is the same.
// A hash: the first for single messages, the second for batches.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// Fills limits and factory of a record over two drivers of one algorithm, `parts`. Its names are the
/// caller's.
void fill_combined(driver &instance) noexcept;

/// The same for a hash and a hash_batch of its name.
void fill_combined_hash(driver &instance) noexcept;

} // namespace kcapi::local
