// SPDX-License-Identifier: BSD-3-Clause
//
// Robust statistics: one disturbed sample among nine changes nothing.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

namespace kcapi::measure {

/// The value below which that part of the samples lies, between two of them in proportion. No samples: 0.
[[nodiscard]] inline double quantile(std::span<const double> samples, double part) {
    if (samples.empty())
        return 0;
    std::vector<double> sorted(samples.begin(), samples.end());
    std::sort(sorted.begin(), sorted.end());
    const double position = part * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(position);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (position - static_cast<double>(below));
}

[[nodiscard]] inline double median(std::span<const double> samples) { return quantile(samples, 0.5); }

/// Median of the distances from the median.
[[nodiscard]] inline double median_deviation(std::span<const double> samples) {
    const double middle = median(samples);
    std::vector<double> distances(samples.begin(), samples.end());
    for (double &d : distances)
        d = std::abs(d - middle);
    return median(distances);
}

struct line {
    double fixed;
    double slope;
};

/// y = fixed + slope * x with the least sum of squared relative errors, so that small x count like large
/// ones. At least two different x, all y positive.
[[nodiscard]] inline line fit_relative(std::span<const double> x, std::span<const double> y) {
    double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double weight = 1 / (y[i] * y[i]);
        w += weight;
        wx += weight * x[i];
        wy += weight * y[i];
        wxx += weight * x[i] * x[i];
        wxy += weight * x[i] * y[i];
    }
    const double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    return {(wy - slope * wx) / w, slope};
}

} // namespace kcapi::measure
