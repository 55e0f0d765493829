// SPDX-License-Identifier: BSD-3-Clause
//
// Runs the cases of one name on two backends side by side, counts those that differ, and makes the first of
// them small.
#pragma once

#include "diff/case_source.hpp"
#include "oracle/backend.hpp"

#include <chrono>
#include <functional>

namespace kcapi::diff {

struct case_sides {
    oracle::backend &expected;
    oracle::backend &actual;
    kernel_ways ways; ///< of the expected side
};

struct name_report {
    std::size_t cases = 0;
    std::size_t calls = 0;
    std::size_t outputs = 0;   ///< receives that brought bytes
    std::size_t differing = 0; ///< cases
    std::string example;       ///< of a case that differs, as a script with what both sides gave
};

/// What `kernel` does in its own way with a name.
[[nodiscard]] kernel_ways ways_of(const std::string &kernel, const test::name_record &about);

/// Case number `index` of a name comes from these three alone.
[[nodiscard]] std::uint64_t seed_of_case(std::uint64_t seed, const test::name_record &about,
                                         std::size_t index);

/// Runs a case of a name, and adds to the report.
void run_case(const case_sides &sides, const test::name_record &about, std::uint64_t seed,
              name_report &report);

} // namespace kcapi::diff
