// SPDX-License-Identifier: BSD-3-Clause
#include "fail.hpp"

#include <unistd.h>

#include <cstdarg>
#include <cstdio>
#include <cstdlib>

namespace example {

void fail(const char *format, ...) {
    // A progress bar may stand on the line.
    const char *const fresh_line = isatty(STDOUT_FILENO) ? "\n" : "";
    std::fflush(stdout);
    std::va_list values;
    va_start(values, format);
    std::fprintf(stderr, "%sstream_file: ", fresh_line);
    std::vfprintf(stderr, format, values);
    std::fputc('\n', stderr);
    va_end(values);
    std::_Exit(EXIT_FAILURE);
}

} // namespace example
