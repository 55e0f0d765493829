// SPDX-License-Identifier: BSD-3-Clause
//
// Calls that make descriptors which are not ours; the one file among them that is.
#include "preload/descriptors.hpp"
#include "preload/listing/proc_crypto.hpp"
#include "preload/next.hpp"
#include "preload/process.hpp"
#include "preload/serving.hpp"
#include "preload/settings.hpp"

#include "runtime/runtime.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <string>

namespace kcapi::preload {

namespace {

/// Asked after the kernel has read the path, so that it is known to be one.
bool is_listing(const char *path, int flags) noexcept {
    return (flags & O_ACCMODE) == O_RDONLY && (flags & O_PATH) == 0 &&
           std::strcmp(path, "/proc/crypto") == 0 && wanted_service() != service::pass &&
           !presence::blocks_anything();
}

/// A file with the list, which nobody can change; a negative errno.
long make_listing() {
    const std::string text = [] {
        const std::lock_guard lock(engine_use());
        return proc_crypto_text(runtime::local_engine());
    }();
    const long fd =
        next::raw(SYS_memfd_create, reinterpret_cast<long>("crypto"), MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return fd;
    for (std::size_t done = 0; done < text.size();) {
        const long n = next::raw(SYS_write, fd, reinterpret_cast<long>(text.data() + done),
                                 static_cast<long>(text.size() - done));
        if (n <= 0) {
            (void)next::raw(SYS_close, fd);
            return n == 0 ? -EIO : n;
        }
        done += static_cast<std::size_t>(n);
    }
    (void)next::raw(SYS_lseek, fd, 0, SEEK_SET);
    (void)next::raw(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
    return fd;
}

/// The list under the number that open gave, or, if it gave none, under one of its own.
int replace(int opened, int flags) noexcept {
    const long list = guarded(make_listing);
    trace::line("open /proc/crypto", opened, "", list);
    if (list < 0)
        return opened;
    const int cloexec = (flags & O_CLOEXEC) != 0 ? FD_CLOEXEC : 0;
    if (opened < 0) {
        (void)next::raw(SYS_fcntl, list, F_SETFD, cloexec);
        return static_cast<int>(list);
    }
    (void)next::raw(SYS_dup3, list, opened, flags & O_CLOEXEC);
    (void)next::raw(SYS_close, list);
    return opened;
}

int opened(int fd, const char *path, int flags) noexcept {
    if (fd >= 0 || errno == ENOENT || errno == EACCES)
        if (is_listing(path, flags)) [[unlikely]]
            return replace(fd, flags);
    return fresh(fd);
}

FILE *opened(FILE *stream, const char *path, const char *mode) noexcept {
    const int saved_errno = errno;
    const bool exists = stream != nullptr;
    if (exists)
        (void)fresh(::fileno(stream));
    if ((exists || errno == ENOENT || errno == EACCES) && mode[0] == 'r' && is_listing(path, O_RDONLY)) {
        const int flags = std::strchr(mode, 'e') != nullptr ? O_CLOEXEC : 0;
        const int fd = replace(exists ? ::fileno(stream) : -1, flags);
        if (!exists && fd >= 0)
            return ::fdopen(fd, mode);
    }
    errno = saved_errno;
    return stream;
}

mode_t mode_of(int flags, std::va_list list) noexcept {
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

#define KCAPI_OPEN_BODY(call, ...)                                                                           \
    std::va_list list;                                                                                       \
    va_start(list, flags);                                                                                   \
    const mode_t mode = mode_of(flags, list);                                                                \
    va_end(list);                                                                                            \
    return opened(next::call(__VA_ARGS__, mode), path, flags)

KCAPI_EXPORT(int, open, const char *path, int flags, ...) { KCAPI_OPEN_BODY(open, path, flags); }
KCAPI_EXPORT(int, open64, const char *path, int flags, ...) { KCAPI_OPEN_BODY(open64, path, flags); }
KCAPI_EXPORT(int, openat, int at, const char *path, int flags, ...) {
    KCAPI_OPEN_BODY(openat, at, path, flags);
}
KCAPI_EXPORT(int, openat64, int at, const char *path, int flags, ...) {
    KCAPI_OPEN_BODY(openat64, at, path, flags);
}

KCAPI_EXPORT_AS(int, open_2, "__open_2", const char *path, int flags) {
    return opened(next::open_2(path, flags), path, flags);
}
KCAPI_EXPORT_AS(int, open64_2, "__open64_2", const char *path, int flags) {
    return opened(next::open64_2(path, flags), path, flags);
}
KCAPI_EXPORT_AS(int, openat_2, "__openat_2", int at, const char *path, int flags) {
    return opened(next::openat_2(at, path, flags), path, flags);
}
KCAPI_EXPORT_AS(int, openat64_2, "__openat64_2", int at, const char *path, int flags) {
    return opened(next::openat64_2(at, path, flags), path, flags);
}

KCAPI_EXPORT_ALIAS("__open", "open");
KCAPI_EXPORT_ALIAS("__open64", "open64");

KCAPI_EXPORT(FILE *, fopen, const char *path, const char *mode) {
    return opened(next::fopen(path, mode), path, mode);
}
KCAPI_EXPORT(FILE *, fopen64, const char *path, const char *mode) {
    return opened(next::fopen64(path, mode), path, mode);
}

KCAPI_EXPORT(int, pipe, int *pair) {
    const int r = next::pipe(pair);
    if (r == 0) {
        (void)fresh(pair[0]);
        (void)fresh(pair[1]);
    }
    return r;
}

KCAPI_EXPORT(int, pipe2, int *pair, int flags) {
    const int r = next::pipe2(pair, flags);
    if (r == 0) {
        (void)fresh(pair[0]);
        (void)fresh(pair[1]);
    }
    return r;
}

KCAPI_EXPORT(int, eventfd, unsigned count, int flags) { return fresh(next::eventfd(count, flags)); }
