// SPDX-License-Identifier: BSD-3-Clause
#include "capi/boundary.hpp"

#include "base/log.hpp"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace kcapi::capi {

namespace {

struct failure {
    bool explained;
    char text[384];
};

/// No constructor and no destructor: a thread that never fails pays nothing, and nothing runs when it ends.
constinit thread_local failure thread_failure{};

} // namespace

void explain(const char *format, ...) noexcept {
    failure &f = thread_failure;
    va_list args;
    va_start(args, format);
    (void)std::vsnprintf(f.text, sizeof f.text, format, args);
    va_end(args);
    f.explained = true;
}

ssize_t fail(const error &e) noexcept {
    failure &f = thread_failure;
    if (!f.explained)
        (void)std::snprintf(f.text, sizeof f.text, "%s: %s (%s)", e.where, ::strerrordesc_np(e.code),
                            ::strerrorname_np(e.code));
    f.explained = false;
    base::log(base::log_level::error, "%s", f.text);
    return -e.code;
}

const char *last_error_text() noexcept { return thread_failure.text; }

} // namespace kcapi::capi
