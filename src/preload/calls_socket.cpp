// SPDX-License-Identifier: BSD-3-Clause
//
// socket and what is done to a socket before data flow.
#include "preload/descriptors.hpp"
#include "preload/netlink.hpp"
#include "preload/next.hpp"
#include "preload/serving.hpp"
#include "preload/settings.hpp"
#include "preload/sockets.hpp"

#include <cerrno>

namespace kcapi::preload {

namespace {

bool is_ours(int domain, int protocol) noexcept {
    return (domain == AF_ALG || (domain == AF_NETLINK && protocol == netlink::protocol)) &&
           wanted_service() != service::pass;
}

/// A call that AF_ALG does not have, and NETLINK_CRYPTO sockets only for show.
template <class Pass>
int not_offered(const char *name, int fd, long for_netlink, Pass pass) {
    return static_cast<int>(served(
        name, fd,
        [&](description &d, trace::details &) -> long {
            return d.is(role::netlink) ? for_netlink : -EOPNOTSUPP;
        },
        pass));
}

long accepted(const char *name, int fd, const sockaddr *address, int flags) {
    return served(
        name, fd, [&](description &d, trace::details &) { return accept_socket(d, address, flags); },
        [&]() -> long { return fresh(next::accept4(fd, nullptr, nullptr, flags)); });
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(int, socket, int domain, int type, int protocol) {
    if (!is_ours(domain, protocol)) [[likely]]
        return fresh(next::socket(domain, type, protocol));
    const long fd = guarded([&] {
        return domain == AF_ALG ? make_transform_socket(type, protocol) : netlink::make_socket(type);
    });
    trace::line(domain == AF_ALG ? "socket AF_ALG" : "socket NETLINK_CRYPTO", domain, "", fd);
    return static_cast<int>(to_libc(fd));
}

KCAPI_EXPORT(int, socketpair, int domain, int type, int protocol, int *pair) {
    if (is_ours(domain, protocol))
        return static_cast<int>(to_libc(-EOPNOTSUPP));
    const int r = next::socketpair(domain, type, protocol, pair);
    if (r == 0) {
        (void)fresh(pair[0]);
        (void)fresh(pair[1]);
    }
    return r;
}

KCAPI_EXPORT(int, bind, int fd, const sockaddr *address, socklen_t size) {
    const auto pass = [&]() -> long { return next::bind(fd, address, size); };
    if (!table::has(fd)) [[likely]]
        return static_cast<int>(pass());
    return static_cast<int>(served(
        "bind", fd,
        [&](description &d, trace::details &said) {
            return d.is(role::netlink) ? netlink::bind(d, address, size)
                                       : bind_socket(d, address, size, said);
        },
        pass));
}

KCAPI_EXPORT(int, listen, int fd, int backlog) {
    if (!table::has(fd)) [[likely]]
        return next::listen(fd, backlog);
    return not_offered("listen", fd, -EOPNOTSUPP, [&]() -> long { return next::listen(fd, backlog); });
}

KCAPI_EXPORT(int, connect, int fd, const sockaddr *address, socklen_t size) {
    if (!table::has(fd)) [[likely]]
        return next::connect(fd, address, size);
    return not_offered("connect", fd, 0, [&]() -> long { return next::connect(fd, address, size); });
}

KCAPI_EXPORT(int, shutdown, int fd, int how) {
    if (!table::has(fd)) [[likely]]
        return next::shutdown(fd, how);
    return not_offered("shutdown", fd, -EOPNOTSUPP, [&]() -> long { return next::shutdown(fd, how); });
}

KCAPI_EXPORT(int, getsockname, int fd, sockaddr *address, socklen_t *size) {
    const auto pass = [&]() -> long { return next::getsockname(fd, address, size); };
    if (!table::has(fd)) [[likely]]
        return static_cast<int>(pass());
    return static_cast<int>(served(
        "getsockname", fd,
        [&](description &d, trace::details &) -> long {
            return d.is(role::netlink) ? netlink::own_name(d, address, size) : -EOPNOTSUPP;
        },
        pass));
}

KCAPI_EXPORT(int, getpeername, int fd, sockaddr *address, socklen_t *size) {
    if (!table::has(fd)) [[likely]]
        return next::getpeername(fd, address, size);
    return not_offered("getpeername", fd, -EOPNOTSUPP,
                       [&]() -> long { return next::getpeername(fd, address, size); });
}

KCAPI_EXPORT(int, accept, int fd, sockaddr *address, socklen_t *size) {
    if (!table::has(fd)) [[likely]]
        return fresh(next::accept(fd, address, size));
    return static_cast<int>(accepted("accept", fd, address, 0));
}

KCAPI_EXPORT(int, accept4, int fd, sockaddr *address, socklen_t *size, int flags) {
    if (!table::has(fd)) [[likely]]
        return fresh(next::accept4(fd, address, size, flags));
    return static_cast<int>(accepted("accept4", fd, address, flags));
}

KCAPI_EXPORT(int, setsockopt, int fd, int level, int option, const void *value, socklen_t size) {
    const auto pass = [&]() -> long { return next::setsockopt(fd, level, option, value, size); };
    if (!table::has(fd)) [[likely]]
        return static_cast<int>(pass());
    return static_cast<int>(served(
        "setsockopt", fd,
        [&](description &d, trace::details &said) {
            return d.is(role::netlink) && level == SOL_NETLINK
                       ? netlink::set_option(d, option, value, size)
                       : set_option(fd, d, level, option, value, size, said);
        },
        pass));
}

KCAPI_EXPORT(int, getsockopt, int fd, int level, int option, void *value, socklen_t *size) {
    const auto pass = [&]() -> long { return next::getsockopt(fd, level, option, value, size); };
    if (!table::has(fd)) [[likely]]
        return static_cast<int>(pass());
    return static_cast<int>(served(
        "getsockopt", fd,
        [&](description &d, trace::details &said) {
            return get_option(fd, d, level, option, value, size, said);
        },
        pass));
}
