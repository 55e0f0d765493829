// SPDX-License-Identifier: BSD-3-Clause
#include "measure/sampling.hpp"

#include <algorithm>

namespace kcapi::measure {

double seconds_of(const work &run, std::size_t calls) {
    const auto begin = clock::now();
    run(calls);
    return std::chrono::duration<double>(clock::now() - begin).count();
}

std::size_t calls_per_sample(const work &run, double sample_seconds) {
    for (std::size_t calls = 1;; calls *= 2) {
        const double seconds = seconds_of(run, calls);
        if (seconds >= sample_seconds / 2) {
            const double fitting = static_cast<double>(calls) * sample_seconds / seconds;
            return std::max<std::size_t>(static_cast<std::size_t>(fitting), 1);
        }
    }
}

} // namespace kcapi::measure
