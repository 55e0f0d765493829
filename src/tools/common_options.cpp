// SPDX-License-Identifier: BSD-3-Clause
#include "common_options.hpp"

#include "console.hpp"

#include <algorithm>

namespace kcapi::tools {

std::string usage_lines(std::string_view what) {
    return std::string(tool_name()) + " (" + library_version() + ", " + std::to_string(kcapi_version()) +
           ")\n" + std::string(what);
}

bool handle_common_options(const command_line &line, const std::string &help, int &status) {
    if (line.has('h')) {
        put_error_line(help);
        status = 1;
        return true;
    }
    if (line.has(option_version)) {
        put_error_line("Version " + library_version() + "\n");
        status = 0;
        return true;
    }
    int shown = static_cast<int>(level::warning);
    for (const given_option &o : line.options) {
        if (o.id == 'v')
            shown = std::min(shown + 1, static_cast<int>(level::debug));
        else if (o.id == 'q')
            shown = static_cast<int>(level::none);
    }
    set_level(static_cast<level>(shown));
    for (const std::string &word : line.operands)
        say(level::warning, "'" + word + "' is no option and is ignored");
    return false;
}

} // namespace kcapi::tools
