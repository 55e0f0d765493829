// SPDX-License-Identifier: BSD-3-Clause
//
// Times the calls of one row of kcapi-speed, in one thread or several.
#pragma once

#include "speed_plan.hpp"

#include <cstdint>

namespace kcapi::tools {

/// A row of the table.
struct measured {
    const series *what;
    std::size_t size; ///< of a message
    std::size_t messages;
    std::vector<double> samples;      ///< nanoseconds a call, of all threads
    std::vector<std::uint64_t> calls; ///< by each thread
    double calls_per_second = 0;      ///< of all threads together
    double processor_share = 0;       ///< of the time of its threads, in which they had a processor
    int error = 0;                    ///< then there is nothing else
    std::string why{};

    [[nodiscard]] double bytes_per_second() const noexcept {
        return calls_per_second * static_cast<double>(size * messages);
    }
};

/// `size` in bytes is made a multiple of the algorithm's block size. A call that fails gives a row that says
/// why.
[[nodiscard]] measured measure_row(const series &s, std::size_t size, const speed_plan &plan);

} // namespace kcapi::tools
