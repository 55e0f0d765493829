// SPDX-License-Identifier: BSD-3-Clause
//
// Runs gnuplot, without a shell: its script on stdin, its picture from stdout.
#pragma once

#include <string>

namespace kcapi::tools {

/// What gnuplot wrote; `script` sets a terminal and no output. Fails with status 1 if gnuplot does.
[[nodiscard]] std::string drawn_by_gnuplot(const std::string &script);

} // namespace kcapi::tools
