// SPDX-License-Identifier: BSD-3-Clause
//
// What the speed is held against.
#pragma once

#include "measure.hpp"

namespace bench {

struct goal {
    std::string name;
    double value;
    double limit;
    double spread;
    bool at_least; ///< else at most
    [[nodiscard]] bool reached() const noexcept { return at_least ? value >= limit : value <= limit; }
};

/// The goals of which the measurements tell something, in their order.
[[nodiscard]] std::vector<goal> judge(const std::vector<measurement> &measurements);

/// Whether there are goals and all are reached: the verdict of --gate.
[[nodiscard]] bool all_reached(const std::vector<goal> &goals) noexcept;

} // namespace bench
