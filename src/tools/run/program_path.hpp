// SPDX-License-Identifier: BSD-3-Clause
//
// Which file a command means, as execvp and the kernel find it: along PATH, and through "#!" lines.
#pragma once

#include <string>
#include <string_view>

namespace kcapi::tools {

struct found_program {
    std::string path; ///< empty if there is none
    int code = 0;     ///< then ENOENT, or EACCES if something by that name cannot be executed
};

/// `search` is the value of PATH, whose empty elements mean the current directory; one without elements
/// means "/bin:/usr/bin", as for execvp.
[[nodiscard]] found_program find_program(std::string_view name, std::string_view search);

/// The first line of a script.
struct script_line {
    bool is_script = false;
    std::string interpreter; ///< as it stands there
    std::string argument;    ///< the rest of the line: the kernel hands it over as one word
};

[[nodiscard]] script_line read_script_line(int fd);

/// The command that env(1) will run, from the argument of a "#!" line that names env; empty if that cannot
/// be told.
[[nodiscard]] std::string command_of_env(std::string_view argument);

} // namespace kcapi::tools
