// SPDX-License-Identifier: BSD-3-Clause
//
// Closing and copying descriptors, and their flags. The kernel does all of it; the table follows.
#include "preload/descriptors.hpp"
#include "preload/next.hpp"
#include "preload/process.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>

namespace kcapi::preload {

void copied(int from, int to) noexcept {
    if (!table::has(from) && !table::has(to))
        return;
    if (is_guest())
        return;
    held d = table::find(from);
    if (!d)
        (void)table::drop(to);
    else if (!table::put(to, std::move(d)))
        // No memory for its entry: an unserved copy would be worse than none.
        (void)next::close(to);
}

namespace {

/// The entry goes first: once the kernel has the number back, another thread may get it.
int close_ours(int fd) {
    if (is_guest())
        return next::close(fd);
    const held d = table::find(fd);
    if (!d)
        return next::close(fd);
    std::unique_lock<std::mutex> quiet(d->mirror, std::defer_lock);
    // A handler that interrupted a call on it cannot wait for that call.
    if (!presence::blocks(*d))
        quiet.lock();
    (void)table::drop(fd);
    const int r = next::close(fd);
    trace::line("close", fd, "", r);
    return r;
}

void drop_all(unsigned first, unsigned last) noexcept {
    if (!is_guest())
        table::drop_range(first, last);
}

int dup_number(int fd, int made) noexcept {
    if (made >= 0)
        copied(fd, made);
    return made;
}

/// What F_SETFL and FIONBIO change, for calls that do not ask the kernel.
void note_nonblocking(int fd, bool is) noexcept {
    if (const held d = table::find(fd))
        d->nonblocking.store(is, std::memory_order_relaxed);
}

template <class Next>
int fcntl_of(Next next_fcntl, int fd, int command, long argument) {
    const int r = next_fcntl(fd, command, argument);
    if (r < 0)
        return r;
    switch (command) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return dup_number(fd, r);
    case F_SETFL:
        if (table::has(fd)) {
            note_nonblocking(fd, (argument & O_NONBLOCK) != 0);
            if ((argument & O_ASYNC) != 0)
                readiness::watch(fd);
        }
        return r;
    default:
        return r;
    }
}

long take_argument(std::va_list list) noexcept { return va_arg(list, long); }

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(int, close, int fd) {
    if (!table::has(fd)) [[likely]]
        return next::close(fd);
    return close_ours(fd);
}

KCAPI_EXPORT(void, closefrom, int first) {
    drop_all(static_cast<unsigned>(first < 0 ? 0 : first), UINT_MAX);
    next::closefrom(first);
}

KCAPI_EXPORT(int, close_range, unsigned first, unsigned last, int flags) {
    // What only marks descriptors closes nothing.
    if (first <= last && (static_cast<unsigned>(flags) & ~CLOSE_RANGE_UNSHARE) == 0)
        drop_all(first, last);
    return next::close_range(first, last, flags);
}

KCAPI_EXPORT(int, fclose, FILE *stream) {
    const int fd = stream == nullptr ? -1 : ::fileno(stream);
    // libc closes it without asking anybody.
    if (table::has(fd) && !is_guest())
        (void)table::drop(fd);
    return next::fclose(stream);
}

KCAPI_EXPORT(int, dup, int fd) { return dup_number(fd, next::dup(fd)); }

KCAPI_EXPORT(int, dup2, int from, int to) {
    const int r = next::dup2(from, to);
    return from == to ? r : dup_number(from, r);
}

KCAPI_EXPORT(int, dup3, int from, int to, int flags) { return dup_number(from, next::dup3(from, to, flags)); }

KCAPI_EXPORT(int, fcntl, int fd, int command, ...) {
    std::va_list list;
    va_start(list, command);
    const long argument = take_argument(list);
    va_end(list);
    return fcntl_of(next::fcntl, fd, command, argument);
}

KCAPI_EXPORT(int, fcntl64, int fd, int command, ...) {
    std::va_list list;
    va_start(list, command);
    const long argument = take_argument(list);
    va_end(list);
    return fcntl_of(next::fcntl64, fd, command, argument);
}

KCAPI_EXPORT(int, ioctl, int fd, unsigned long request, ...) {
    std::va_list list;
    va_start(list, request);
    const long argument = take_argument(list);
    va_end(list);
    if (!table::has(fd)) [[likely]]
        return next::ioctl(fd, request, argument);
    if (request == FIONREAD) {
        // The real socket would tell of its own queue.
        errno = EOPNOTSUPP;
        return -1;
    }
    const int r = next::ioctl(fd, request, argument);
    if (r == 0 && request == FIONBIO)
        note_nonblocking(fd, (::fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    return r;
}

KCAPI_EXPORT_ALIAS("__close", "close");
KCAPI_EXPORT_ALIAS("__dup2", "dup2");
KCAPI_EXPORT_ALIAS("__fcntl", "fcntl");
