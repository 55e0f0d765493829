// SPDX-License-Identifier: BSD-3-Clause
//
// The results of kcapi-speed as a picture, drawn by the program gnuplot.
#pragma once

#include "speed_run.hpp"

namespace kcapi::tools {

/// Fails if there is no gnuplot: to be asked before anything is measured.
void need_gnuplot();

/// Throughput over size and time of a call over size, a line for each series, as SVG. Empty if nothing was
/// measured.
[[nodiscard]] std::string plot(const std::vector<measured> &all, const speed_plan &plan);

} // namespace kcapi::tools
