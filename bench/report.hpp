// SPDX-License-Identifier: BSD-3-Clause
//
// The results as a table for people and as JSON lines for programs.
#pragma once

#include "goals.hpp"

#include <measure/host.hpp>

#include <cstdio>

namespace bench {

/// Those of kcapi-speed, and the version of OpenSSL.
[[nodiscard]] kcapi::measure::facts host_facts();

void print_host(const effort &e);
void print_head();
void print_row(const measurement &m);
/// Fixed cost of a call and speed without it, by a line through the sizes, for what was measured at all
/// sizes.
void print_costs(const std::vector<measurement> &measurements);
/// What the machine could do, where that was measured, and how much of it the library does.
void print_limits(const std::vector<measurement> &measurements);
void print_goals(const std::vector<goal> &goals);

/// One JSON object per line; its member "kind" is host, row or goal.
void write_json(std::FILE *to, const std::vector<measurement> &measurements, const std::vector<goal> &goals);

} // namespace bench
