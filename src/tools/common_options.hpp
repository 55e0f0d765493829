// SPDX-License-Identifier: BSD-3-Clause
//
// The options that kcapi-enc, kcapi-dgst and kcapi-rng share, and what they do with every command line.
#pragma once

#include "options.hpp"

namespace kcapi::tools {

inline constexpr int option_version = 290;

/// -v and -q set the level that tool and library share; words that are no options are ignored, and said so.
/// --help and --version are answered: then main returns `status`. As with the original, help goes to stderr
/// with status 1.
[[nodiscard]] bool handle_common_options(const command_line &line, const std::string &help, int &status);

/// The first lines of --help.
[[nodiscard]] std::string usage_lines(std::string_view what);

} // namespace kcapi::tools
