// SPDX-License-Identifier: BSD-3-Clause
//
// Timing calls by samples that are much shorter than a time slice of the scheduler, so that on a busy machine
// most of them are not interrupted and their median is good.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

namespace kcapi::measure {

using clock = std::chrono::steady_clock;

/// Does the work that often.
using work = std::function<void(std::size_t calls)>;

[[nodiscard]] double seconds_of(const work &run, std::size_t calls);

/// How many calls fill a sample. The calls made to find out are the warm-up.
[[nodiscard]] std::size_t calls_per_sample(const work &run, double sample_seconds);

} // namespace kcapi::measure
