// SPDX-License-Identifier: BSD-3-Clause
//
// Memory that runs out when told to. Linked into a program, it stands in for malloc and its relatives and for
// mmap, for every library in the process.
#pragma once

#include <cstddef>

namespace kcapi::test {

enum class shortage { once, from_then_on };

/// While it lives, the calling thread's allocation number `n` (from 0) fails, or that one and all after it.
class memory_shortage {
  public:
    memory_shortage(std::size_t n, shortage kind);
    ~memory_shortage();
    memory_shortage(const memory_shortage &) = delete;
    memory_shortage &operator=(const memory_shortage &) = delete;

    /// Whether an allocation has failed.
    [[nodiscard]] bool was_felt() const;
};

/// Allocations and mappings of the process that were not given back.
long live_allocations();

} // namespace kcapi::test
