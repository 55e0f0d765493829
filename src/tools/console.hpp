// SPDX-License-Identifier: BSD-3-Clause
//
// What the tools say on stderr, and how a tool begins and ends.
#pragma once

#include "failure.hpp"

#include <kcapi.h>

#include <string_view>

namespace kcapi::tools {

/// As the library's, with the same numbers.
enum class level { none, error, warning, verbose, debug };

/// The name in front of every message, of which 15 characters are shown.
void set_tool_name(std::string_view name);
[[nodiscard]] std::string_view tool_name() noexcept;

/// set_level decides for the tool and the library what is said.
void set_level(level l) noexcept;
[[nodiscard]] bool says(level l) noexcept;

/// say writes "TOOL - Level: TEXT" if the level lets it pass. Never give it a secret.
void say(level l, std::string_view text);

/// complain writes "TOOL: TEXT" whatever the level; the way of coreutils.
void complain(std::string_view text);

/// put_error_line writes TEXT as it is, in one piece.
void put_error_line(std::string_view text) noexcept;

/// The library's version, such as "libkcapi 1.5.1".
[[nodiscard]] std::string library_version();

/// run_tool runs the body of main: a failure becomes a message and its status. It makes sure that the
/// descriptors 0 to 2 are taken, so that no file of the tool can get the number of a closed stdout.
[[nodiscard]] int run_tool(std::string_view name, int argc, char **argv, int (*body)(int, char **));

} // namespace kcapi::tools
