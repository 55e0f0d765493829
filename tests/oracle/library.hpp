// SPDX-License-Identifier: BSD-3-Clause
//
// The folder of this file as data: scripts, recordings by kernel, the list of differences.
#pragma once

#include "oracle/compare.hpp"

namespace kcapi::oracle {

/// The kernels that recordings are kept of.
[[nodiscard]] const std::vector<std::string> &recorded_kernels();

/// The script files of FOLDER/scripts in the order of their names.
[[nodiscard]] std::vector<std::string> script_files(const std::string &folder);

/// What FOLDER/expected/KERNEL/SCRIPT.vec holds for each kernel, or why it cannot be had.
struct recordings_outcome {
    recordings value;
    std::string error;
};
[[nodiscard]] recordings_outcome load_recordings(const std::string &folder, const std::string &script);

} // namespace kcapi::oracle
