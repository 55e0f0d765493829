// SPDX-License-Identifier: BSD-3-Clause
//
// What kcapi-speed found, as lines for people and for programs.
#pragma once

#include "speed_run.hpp"

#include <string>

namespace kcapi::tools {

[[nodiscard]] std::string size_text(std::size_t bytes);
/// Where the numbers come from, and the head of the table.
[[nodiscard]] std::string table_head(const speed_plan &plan);
[[nodiscard]] std::string table_row(const measured &m);
/// The form of the original's --raw.
[[nodiscard]] std::string raw_row(const measured &m);
/// The form of the original's --list.
[[nodiscard]] std::string list_row(const series &s);
/// One object in each line; its member "kind" is host or row.
[[nodiscard]] std::string json_lines(const std::vector<measured> &all, const speed_plan &plan);

} // namespace kcapi::tools
