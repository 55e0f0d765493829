// SPDX-License-Identifier: BSD-3-Clause
//
// Where the numbers come from: without it they mean nothing.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bench {

/// Names and values, for people and for JSON.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> host_facts();

} // namespace bench
