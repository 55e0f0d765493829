// SPDX-License-Identifier: BSD-3-Clause
//
// syscall(): the same calls by number. Only numbers that name a descriptor of ours, or make one, leave the
// short way.
#include "preload/aio.hpp"
#include "preload/calls.hpp"
#include "preload/next.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"

#include <sys/syscall.h>

#include <cstdarg>

namespace kcapi::preload {

namespace {

struct arguments {
    long a, b, c, d, e, f;
};

template <class T>
T *pointer(long value) noexcept {
    return reinterpret_cast<T *>(value);
}

int number(long value) noexcept { return static_cast<int>(value); }
std::size_t size_of(long value) noexcept { return static_cast<std::size_t>(value); }
socklen_t length(long value) noexcept { return static_cast<socklen_t>(value); }

/// A call that makes descriptors, closes many, or copies one over another.
std::optional<long> on_numbers(long call, const arguments &x) {
    switch (call) {
    case SYS_socket:
        return kcapi_preload_socket(number(x.a), number(x.b), number(x.c));
    case SYS_socketpair:
        return kcapi_preload_socketpair(number(x.a), number(x.b), number(x.c), pointer<int>(x.d));
    case SYS_close_range:
        return kcapi_preload_close_range(static_cast<unsigned>(x.a), static_cast<unsigned>(x.b), number(x.c));
#ifdef SYS_dup2
    case SYS_dup2:
        return kcapi_preload_dup2(number(x.a), number(x.b));
#endif
    case SYS_dup3:
        return kcapi_preload_dup3(number(x.a), number(x.b), number(x.c));
    case SYS_epoll_ctl:
        return kcapi_preload_epoll_ctl(number(x.a), number(x.b), number(x.c), pointer<epoll_event>(x.d));
#ifdef SYS_poll
    case SYS_poll:
        return kcapi_preload_poll(pointer<pollfd>(x.a), static_cast<nfds_t>(x.b), number(x.c));
#endif
#ifdef SYS_select
    case SYS_select:
        return kcapi_preload_select(number(x.a), pointer<fd_set>(x.b), pointer<fd_set>(x.c),
                                    pointer<fd_set>(x.d), pointer<timeval>(x.e));
#endif
    case SYS_splice:
        return kcapi_preload_splice(number(x.a), pointer<off64_t>(x.b), number(x.c), pointer<off64_t>(x.d),
                                    size_of(x.e), static_cast<unsigned>(x.f));
    case SYS_io_submit:
        return to_libc(guarded([&] { return aio::submit(x.a, x.b, pointer<iocb *>(x.c)); }));
    case SYS_io_destroy:
        aio::forget(x.a);
        return std::nullopt;
    case SYS_io_getevents:
    case SYS_io_pgetevents: {
        const long n = next::syscall(call, x.a, x.b, x.c, x.d, x.e, x.f);
        aio::complete(x.a, pointer<io_event>(x.d), n);
        return n;
    }
    default:
        return std::nullopt;
    }
}

/// A call whose first argument is a descriptor of ours: setting up, closing, flags.
std::optional<long> on_socket(long call, const arguments &x) {
    const int fd = number(x.a);
    switch (call) {
    case SYS_bind:
        return kcapi_preload_bind(fd, pointer<sockaddr>(x.b), length(x.c));
    case SYS_listen:
        return kcapi_preload_listen(fd, number(x.b));
    case SYS_connect:
        return kcapi_preload_connect(fd, pointer<sockaddr>(x.b), length(x.c));
    case SYS_accept:
        return kcapi_preload_accept4(fd, pointer<sockaddr>(x.b), pointer<socklen_t>(x.c), 0);
    case SYS_accept4:
        return kcapi_preload_accept4(fd, pointer<sockaddr>(x.b), pointer<socklen_t>(x.c), number(x.d));
    case SYS_shutdown:
        return kcapi_preload_shutdown(fd, number(x.b));
    case SYS_getsockname:
        return kcapi_preload_getsockname(fd, pointer<sockaddr>(x.b), pointer<socklen_t>(x.c));
    case SYS_getpeername:
        return kcapi_preload_getpeername(fd, pointer<sockaddr>(x.b), pointer<socklen_t>(x.c));
    case SYS_setsockopt:
        return kcapi_preload_setsockopt(fd, number(x.b), number(x.c), pointer<void>(x.d), length(x.e));
    case SYS_getsockopt:
        return kcapi_preload_getsockopt(fd, number(x.b), number(x.c), pointer<void>(x.d),
                                        pointer<socklen_t>(x.e));
    case SYS_close:
        return kcapi_preload_close(fd);
    case SYS_dup:
        return kcapi_preload_dup(fd);
    case SYS_fcntl:
        return kcapi_preload_fcntl(fd, number(x.b), x.c);
    case SYS_ioctl:
        return kcapi_preload_ioctl(fd, static_cast<unsigned long>(x.b), x.c);
    default:
        return std::nullopt;
    }
}

/// The same: data.
std::optional<long> on_data(long call, const arguments &x) {
    const int fd = number(x.a);
    switch (call) {
    case SYS_sendto:
        return kcapi_preload_sendto(fd, pointer<void>(x.b), size_of(x.c), number(x.d), pointer<sockaddr>(x.e),
                                    length(x.f));
    case SYS_sendmsg:
        return kcapi_preload_sendmsg(fd, pointer<msghdr>(x.b), number(x.c));
    case SYS_sendmmsg:
        return kcapi_preload_sendmmsg(fd, pointer<mmsghdr>(x.b), static_cast<unsigned>(x.c), number(x.d));
    case SYS_recvfrom:
        return kcapi_preload_recvfrom(fd, pointer<void>(x.b), size_of(x.c), number(x.d),
                                      pointer<sockaddr>(x.e), pointer<socklen_t>(x.f));
    case SYS_recvmsg:
        return kcapi_preload_recvmsg(fd, pointer<msghdr>(x.b), number(x.c));
    case SYS_recvmmsg:
        return kcapi_preload_recvmmsg(fd, pointer<mmsghdr>(x.b), static_cast<unsigned>(x.c), number(x.d),
                                      pointer<timespec>(x.e));
    case SYS_read:
        return kcapi_preload_read(fd, pointer<void>(x.b), size_of(x.c));
    case SYS_readv:
        return kcapi_preload_readv(fd, pointer<iovec>(x.b), number(x.c));
    case SYS_write:
        return kcapi_preload_write(fd, pointer<void>(x.b), size_of(x.c));
    case SYS_writev:
        return kcapi_preload_writev(fd, pointer<iovec>(x.b), number(x.c));
    case SYS_sendfile:
        return kcapi_preload_sendfile(fd, number(x.b), pointer<off_t>(x.c), size_of(x.d));
    default:
        return std::nullopt;
    }
}

/// Before the first descriptor of ours only a call that makes one matters.
std::optional<long> routed(long call, const arguments &x) {
    if (call == SYS_socket || call == SYS_socketpair || table::is_used()) [[unlikely]]
        if (const std::optional<long> r = on_numbers(call, x))
            return r;
    if (!table::has(number(x.a))) [[likely]]
        return std::nullopt;
    if (const std::optional<long> r = on_data(call, x))
        return r;
    return on_socket(call, x);
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(long, syscall, long call, ...) {
    std::va_list list;
    va_start(list, call);
    arguments x{};
    for (long *const at : {&x.a, &x.b, &x.c, &x.d, &x.e, &x.f})
        *at = va_arg(list, long);
    va_end(list);
    if (const std::optional<long> r = routed(call, x)) [[unlikely]]
        return *r;
    return next::syscall(call, x.a, x.b, x.c, x.d, x.e, x.f);
}
