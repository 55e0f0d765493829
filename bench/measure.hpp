// SPDX-License-Identifier: BSD-3-Clause
//
// Times contenders against each other on a machine that has other things to do: in turns, so that a slow
// moment hits all of them; in alternate order, so that none always comes first; in many samples that are much
// shorter than a time slice of the scheduler, so that most of them are not interrupted. What counts is the
// median of the rounds' ratios.
#pragma once

#include "cases.hpp"

#include <measure/statistics.hpp>

#include <optional>
#include <string_view>

namespace bench {

using kcapi::measure::fit_relative;
using kcapi::measure::line;
using kcapi::measure::median;
using kcapi::measure::median_deviation;
using kcapi::measure::quantile;

struct effort {
    std::size_t rounds;    ///< samples of each contender
    double sample_seconds; ///< how long one takes, about
};

struct ratio {
    double value;      ///< median of the ratios of the rounds; above 1 the first contender is faster
    double spread;     ///< their median absolute deviation
    double of_medians; ///< misleads if the clock changed half way: each median may be of another half
};

/// One contender's part in a measurement.
struct timing {
    const char *name;
    std::vector<double> samples; ///< nanoseconds per call, a sample per round
    std::size_t allocations;     ///< in counted_calls calls after warm-up
};

constexpr std::size_t counted_calls = 64;

struct measurement {
    bench_case what;
    std::vector<timing> timings; ///< in the order of contenders_of()

    [[nodiscard]] std::optional<std::size_t> index_of(std::string_view contender) const noexcept;
};

[[nodiscard]] measurement measure(const bench_case &c, const effort &e);

/// How much faster the first contender is than the one of that index.
[[nodiscard]] ratio against(const measurement &m, std::size_t other);

} // namespace bench
