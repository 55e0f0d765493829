// SPDX-License-Identifier: BSD-3-Clause
//
// Whether the shim can serve a program, and if not, why.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kcapi::tools {

enum class obstacle {
    none,
    missing,        ///< no such program
    not_executable, ///< there, and cannot be run at all
    not_loaded,     ///< the dynamic linker will not load the shim: static, another libc, another machine
    privileged,     ///< it gains privileges, and the dynamic linker takes nothing from its environment
};

struct verdict {
    obstacle what = obstacle::none;
    /// The files that will be executed, from a script to the program behind it.
    std::vector<std::string> files;
    std::string reason; ///< empty for obstacle::none
    std::string remark; ///< what is not served although the program is; may be empty
};

/// `search` is the value of PATH.
[[nodiscard]] verdict examine_program(std::string_view name, std::string_view search);

/// One line for people.
[[nodiscard]] std::string as_text(std::string_view name, const verdict &v);

} // namespace kcapi::tools
