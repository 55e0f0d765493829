// SPDX-License-Identifier: BSD-3-Clause
//
// Messages for people. Off unless the user asks (kcapi_set_verbosity); errno is left as found; a line is cut,
// never allocated. There is no overload for a secret_buffer, and none may be added.
#pragma once

#include <cstdarg>

namespace kcapi::base {

/// The values of enum kcapi_verbosity.
enum class log_level : int { none = 0, error = 1, warn = 2, verbose = 3, debug = 4 };

/// Where lines go instead of stderr. Called from whatever thread logs; must not call back into the library.
using log_sink = void (*)(void *context, int level, const char *message);

void set_log_level(log_level level) noexcept;
[[nodiscard]] bool log_enabled(log_level level) noexcept;
void set_log_sink(log_sink sink, void *context) noexcept;

[[gnu::format(printf, 2, 3)]] void log(log_level level, const char *format, ...) noexcept;

} // namespace kcapi::base
