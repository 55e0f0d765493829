// SPDX-License-Identifier: BSD-3-Clause
#include "measure.hpp"

#include "allocations.hpp"

#include <measure/sampling.hpp>

namespace bench {

using kcapi::measure::calls_per_sample;
using kcapi::measure::seconds_of;

std::optional<std::size_t> measurement::index_of(std::string_view contender) const noexcept {
    for (std::size_t i = 0; i < timings.size(); ++i)
        if (timings[i].name == contender)
            return i;
    return std::nullopt;
}

measurement measure(const bench_case &c, const effort &e) {
    const std::vector<contender> contenders = contenders_of(c);
    // The other contenders' turns are pauses in which the library's threads fall asleep.
    const double sample_seconds = e.sample_seconds * (c.how == path::threads ? 16 : 1);
    std::vector<std::size_t> calls;
    measurement m{c, {}};
    for (const contender &one : contenders) {
        calls.push_back(calls_per_sample(one.run, sample_seconds));
        const std::size_t before = allocations();
        one.run(counted_calls);
        m.timings.push_back({one.name, {}, allocations() - before});
    }
    for (std::size_t round = 0; round < e.rounds; ++round)
        for (std::size_t turn = 0; turn < contenders.size(); ++turn) {
            const std::size_t i = round % 2 == 0 ? turn : contenders.size() - 1 - turn;
            const double seconds = seconds_of(contenders[i].run, calls[i]);
            m.timings[i].samples.push_back(seconds * 1e9 / static_cast<double>(calls[i]));
        }
    return m;
}

ratio against(const measurement &m, std::size_t other) {
    const std::vector<double> &ours = m.timings.at(0).samples;
    const std::vector<double> &theirs = m.timings.at(other).samples;
    std::vector<double> per_round;
    for (std::size_t i = 0; i < ours.size(); ++i)
        per_round.push_back(theirs[i] / ours[i]);
    return {median(per_round), median_deviation(per_round), median(theirs) / median(ours)};
}

} // namespace bench
