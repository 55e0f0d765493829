// SPDX-License-Identifier: BSD-3-Clause
//
// Counts what is taken from the heap or from mmap, by anybody in the process: this program's malloc and mmap
// are in front of those of libc, also for the libraries.
#pragma once

#include <cstddef>

namespace bench {

/// How many allocations the calling thread has made so far.
[[nodiscard]] std::size_t allocations() noexcept;

} // namespace bench
