// SPDX-License-Identifier: BSD-3-Clause
#include "diff/search.hpp"

#include "oracle/compare.hpp"
#include "oracle/runner.hpp"

namespace kcapi::diff {

namespace {

constexpr std::chrono::seconds shrink_time{30};

using oracle::step;

std::string text_of(const std::vector<step> &steps) {
    std::string out;
    for (const step &s : steps)
        out += to_text(s) + '\n';
    return out;
}

step renamed(const side &where, step s) {
    if (where.rename && s.what.what == oracle::verb::open)
        s.what.name = where.rename(s.what.name);
    return s;
}

/// A result as far as the scope looks at it: some releases of Linux 6.1 answer 0 instead of EINVAL to a
/// receive with room for less than a chunk.
std::string seen(const step &s, const std::string &result, scope what) {
    const bool indifferent = what == scope::linux_6_1 && s.what.what == oracle::verb::receive;
    return indifferent && result == "0" ? "-EINVAL" : result;
}

/// What the side answers, under the names that the steps have.
oracle::transcript run(side &where, const std::vector<step> &steps, scope what) {
    oracle::transcript t;
    oracle::live_run live(*where.on);
    for (const step &s : steps)
        t.entries.push_back({to_text(s), seen(s, live.perform(renamed(where, s)), what), 0});
    return t;
}

std::string differences(side &left, side &right, const std::vector<step> &steps, scope what) {
    return oracle::compare(run(left, steps, what), run(right, steps, what));
}

/// Leaving out a step must not leave one that uses what was never made.
bool makes_sense(const std::vector<step> &steps) {
    return oracle::parse_script(text_of(steps), "").error.empty();
}

std::string report_of(side &left, side &right, std::vector<step> steps, std::uint64_t seed, scope what) {
    const std::size_t before = steps.size();
    steps = shrink(left, right, std::move(steps), what);
    std::string out = left.name + " (expected) and " + right.name + " (actual) disagree; seed " +
                      std::to_string(seed) + ", " + std::to_string(before) + " steps, " +
                      std::to_string(steps.size()) + " of them needed:\n" + text_of(steps);
    return out + differences(left, right, steps, what);
}

} // namespace

std::vector<step> shrink(side &left, side &right, std::vector<step> steps, scope what) {
    const auto end_time = std::chrono::steady_clock::now() + shrink_time;
    const auto in_time = [&] { return std::chrono::steady_clock::now() < end_time; };
    for (std::size_t width = std::max<std::size_t>(steps.size() / 2, 1); width > 0; width /= 2) {
        bool again = true;
        while (again && in_time()) {
            again = false;
            // From the end: what comes later depends on what came before, seldom the other way round.
            for (std::size_t end = steps.size(); end >= width && in_time(); --end) {
                std::vector<step> fewer = steps;
                const auto last = fewer.begin() + static_cast<std::ptrdiff_t>(end);
                fewer.erase(last - static_cast<std::ptrdiff_t>(width), last);
                if (!makes_sense(fewer))
                    continue;
                if (differences(left, right, fewer, what).empty())
                    continue;
                steps = std::move(fewer);
                end = std::min(end, steps.size() + 1);
                again = width == 1;
            }
        }
    }
    return steps;
}

findings search(side &left, side &right, const limits &given) {
    findings out;
    const auto begun = std::chrono::steady_clock::now();
    const auto over = [&] {
        const auto spent = std::chrono::steady_clock::now() - begun;
        return out.steps >= given.steps || (given.time.count() != 0 && spent >= given.time);
    };
    for (std::uint64_t seed = given.seed; !over(); ++seed) {
        ++out.sequences;
        const std::unique_ptr<call_source> source = given.source(seed, given.what);
        oracle::live_run on_left(*left.on);
        oracle::live_run on_right(*right.on);
        std::vector<step> steps;
        for (std::size_t i = 0; i < given.steps_per_sequence && !over(); ++i, ++out.steps) {
            const step s = source->next();
            steps.push_back(s);
            const std::string expected = on_left.perform(renamed(left, s));
            const std::string actual = on_right.perform(renamed(right, s));
            source->observe(s, expected);
            if (s.what.what == oracle::verb::receive && value_of(expected) > 0)
                ++out.outputs;
            if (seen(s, expected, given.what) != seen(s, actual, given.what)) {
                out.report = report_of(left, right, std::move(steps), seed, given.what);
                return out;
            }
            if (expected.find(oracle::unexpected_sleep) != std::string::npos) {
                out.report = "both sides slept in a call that was not meant to; seed " +
                             std::to_string(seed) + ":\n" + text_of(steps);
                return out;
            }
        }
    }
    return out;
}

} // namespace kcapi::diff
