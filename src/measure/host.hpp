// SPDX-License-Identifier: BSD-3-Clause
//
// Where the numbers come from: without it they mean nothing.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kcapi::measure {

using facts = std::vector<std::pair<std::string, std::string>>;

/// Names and values, for people and for JSON: cpu, cores, load, kernel, compiler, library.
[[nodiscard]] facts host_facts();

} // namespace kcapi::measure
