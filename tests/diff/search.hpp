// SPDX-License-Identifier: BSD-3-Clause
//
// Runs made-up calls on two sides at once, and makes what they disagree on small.
#pragma once

#include "diff/generator.hpp"
#include "oracle/backend.hpp"
#include "oracle/script.hpp"

#include <chrono>
#include <functional>
#include <memory>

namespace kcapi::diff {

/// One of the two: a backend, and its name for an algorithm.
struct side {
    std::string name;
    std::unique_ptr<oracle::backend> on;
    std::function<std::string(const std::string &)> rename;
};

struct limits {
    std::uint64_t seed = 0;
    std::size_t steps = 0;        ///< in all
    std::chrono::seconds time{0}; ///< 0: no limit
    std::size_t steps_per_sequence = 200;
    scope what = scope::everything;
    /// Makes the calls of one sequence.
    std::function<std::unique_ptr<call_source>(std::uint64_t seed, scope what)> source =
        [](std::uint64_t seed_of_one, scope s) { return std::make_unique<generator>(seed_of_one, s); };
};

struct findings {
    std::size_t steps = 0;
    std::size_t sequences = 0;
    std::size_t outputs = 0; ///< receives that brought bytes
    std::string report;      ///< empty: the sides agree
};

/// Sequence number n comes from the seed plus n alone, so that a report's seed repeats it at once.
[[nodiscard]] findings search(side &left, side &right, const limits &given);

/// The smallest script that can be found, by leaving steps out, on which the sides still disagree.
[[nodiscard]] std::vector<oracle::step> shrink(side &left, side &right, std::vector<oracle::step> steps,
                                               scope what);

} // namespace kcapi::diff
