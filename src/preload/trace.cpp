// SPDX-License-Identifier: BSD-3-Clause
#include "preload/trace.hpp"

#include "preload/next.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace kcapi::preload::trace {

constinit bool is_on = false;

namespace {

/// A copy: programs that show their state in their title write over the environment's memory.
char path[PATH_MAX] = "";
int number = -1;

[[gnu::constructor(102)]] void read_environment() noexcept {
    const char *const value = ::secure_getenv("KCAPI_PRELOAD_TRACE");
    if (value == nullptr || *value == '\0')
        return;
    if (std::strcmp(value, "stderr") == 0)
        number = STDERR_FILENO;
    else if (std::strncmp(value, "fd:", 3) == 0)
        number = std::atoi(value + 3);
    else if (const std::size_t length = std::strlen(value); length < sizeof path)
        std::memcpy(path, value, length);
    else
        return;
    is_on = true;
}

void put(const char *text, std::size_t size) noexcept {
    const long at = reinterpret_cast<long>(text);
    if (path[0] == '\0') {
        (void)next::raw(SYS_write, number, at, static_cast<long>(size));
        return;
    }
    // Opened for each line: a descriptor kept would be one that the program may close or inherit.
    const long fd = next::raw(SYS_openat, AT_FDCWD, reinterpret_cast<long>(path),
                              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    (void)next::raw(SYS_write, fd, at, static_cast<long>(size));
    (void)next::raw(SYS_close, fd);
}

} // namespace

void line(const char *name, int fd, const char *details, long result) noexcept {
    if (!is_on)
        return;
    const int saved_errno = errno;
    char text[320];
    const int pid = static_cast<int>(next::raw(SYS_getpid));
    const char *const error = result < 0 ? ::strerrorname_np(static_cast<int>(-result)) : nullptr;
    const int n = error != nullptr ? std::snprintf(text, sizeof text, "kcapi-preload %d %s(%d%s) = -%s\n",
                                                   pid, name, fd, details, error)
                                   : std::snprintf(text, sizeof text, "kcapi-preload %d %s(%d%s) = %ld\n",
                                                   pid, name, fd, details, result);
    if (n > 0)
        put(text, std::min(static_cast<std::size_t>(n), sizeof text - 1));
    errno = saved_errno;
}

} // namespace kcapi::preload::trace
