// SPDX-License-Identifier: BSD-3-Clause
//
// The calls that receive, with their checked variants.
#include "preload/descriptors.hpp"
#include "preload/memory.hpp"
#include "preload/message.hpp"
#include "preload/netlink.hpp"
#include "preload/next.hpp"
#include "preload/serving.hpp"

#include <pthread.h>

#include <cerrno>
#include <cstring>

namespace kcapi::preload {

namespace {

long receive_netlink(int fd, description &d, const iovec *list, std::size_t count, int flags,
                     sockaddr *from = nullptr, socklen_t *from_size = nullptr) {
    msghdr m{};
    m.msg_iov = const_cast<iovec *>(list);
    m.msg_iovlen = count;
    m.msg_name = from;
    m.msg_namelen = from_size == nullptr ? 0 : *from_size;
    const long r = netlink::receive(fd, d, m, flags);
    if (r >= 0 && from_size != nullptr)
        *from_size = m.msg_namelen;
    return r;
}

long receive_any(int fd, description &d, void *data, std::size_t size, int flags) {
    if (!d.is(role::netlink)) [[likely]]
        return receive_bytes(fd, d, data, size, flags);
    const iovec one{data, size};
    return receive_netlink(fd, d, &one, 1, flags);
}

long receive_from(int fd, description &d, void *data, std::size_t size, int flags, sockaddr *from,
                  socklen_t *from_size) {
    if (from != nullptr && !can_write(from_size))
        return -EFAULT;
    if (d.is(role::netlink)) {
        const iovec one{data, size};
        return receive_netlink(fd, d, &one, 1, flags, from, from == nullptr ? nullptr : from_size);
    }
    const long r = receive_bytes(fd, d, data, size, flags);
    // There is no name, which has no length.
    if (r >= 0 && from != nullptr)
        *from_size = 0;
    return r;
}

long receive_msg(int fd, description &d, msghdr *message, int flags, trace::details &said) {
    if (!can_write(message))
        return -EFAULT;
    if (d.is(role::netlink))
        return netlink::receive(fd, d, *message, flags);
    const msghdr m = *message;
    said.set(", %zu buffers, 0x%x", static_cast<std::size_t>(m.msg_iovlen), static_cast<unsigned>(flags));
    if (m.msg_namelen > INT32_MAX)
        return -EINVAL;
    if (m.msg_iovlen > buffers::max_count)
        return -EMSGSIZE;
    const buffers to(m.msg_iov, m.msg_iovlen, access::write, most_output(d));
    if (to.error() != 0)
        return -to.error();
    const long r = receive_message(fd, d, to.list(), flags);
    if (r < 0)
        return r;
    const bool truncated = d.kind == alg::kind::hash && to.length() < d.digest_size;
    if (m.msg_name != nullptr)
        message->msg_namelen = 0;
    message->msg_flags = (flags & MSG_CMSG_CLOEXEC) | (truncated ? MSG_TRUNC : 0);
    message->msg_controllen = 0;
    return r;
}

/// Descriptors that came in a message may be copies of ours.
ssize_t adopted(ssize_t r, const msghdr *message) noexcept {
    if (r < 0 || !table::is_used() || message->msg_controllen < sizeof(cmsghdr))
        return r;
    auto *const m = const_cast<msghdr *>(message);
    for (cmsghdr *c = CMSG_FIRSTHDR(m); c != nullptr; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
            int fd = -1;
            std::memcpy(&fd, reinterpret_cast<const std::uint8_t *>(c) + at, sizeof fd);
            if (held d = table::find_by_socket(fresh(fd)))
                (void)table::put(fd, std::move(d));
        }
    }
    return r;
}

/// The time is looked at after each message only, as in the kernel.
class deadline {
  public:
    explicit deadline(const timespec *span) noexcept : set_(span != nullptr) {
        if (!set_)
            return;
        (void)::clock_gettime(CLOCK_MONOTONIC, &end_);
        end_.tv_sec += span->tv_sec;
        end_.tv_nsec += span->tv_nsec;
    }
    [[nodiscard]] bool is_over() const noexcept {
        timespec now{};
        return set_ && ::clock_gettime(CLOCK_MONOTONIC, &now) == 0 && nanoseconds(now) >= nanoseconds(end_);
    }

  private:
    static std::int64_t nanoseconds(const timespec &t) noexcept {
        return std::int64_t{t.tv_sec} * 1000000000 + t.tv_nsec;
    }

    timespec end_{};
    bool set_;
};

long receive_several(int fd, description &d, mmsghdr *messages, unsigned count, int flags, timespec *timeout,
                     trace::details &said) {
    if (timeout != nullptr && !can_read(timeout))
        return -EFAULT;
    const deadline end(timeout);
    count = std::min<unsigned>(count, buffers::max_count);
    for (unsigned i = 0; i < count; ++i) {
        if (!can_write(&messages[i]))
            return i != 0 ? static_cast<long>(i) : -EFAULT;
        const long r = receive_msg(fd, d, &messages[i].msg_hdr, flags & ~MSG_WAITFORONE, said);
        if (r < 0)
            return i != 0 ? static_cast<long>(i) : r;
        messages[i].msg_len = static_cast<unsigned>(r);
        if ((flags & MSG_WAITFORONE) != 0)
            flags |= MSG_DONTWAIT;
        if (end.is_over())
            return static_cast<long>(i) + 1;
    }
    return count;
}

long read_bytes(int fd, description &d, void *data, std::size_t size) {
    if (size > PTRDIFF_MAX)
        return -EINVAL;
    // Reading nothing never reaches a socket.
    return size == 0 ? 0 : receive_any(fd, d, data, size, 0);
}

long read_list(int fd, description &d, const iovec *list, int count) {
    if (count < 0 || static_cast<std::size_t>(count) > buffers::max_count)
        return -EINVAL;
    const buffers to(list, static_cast<std::size_t>(count), access::write, most_output(d));
    if (to.error() != 0)
        return -to.error();
    if (to.length() == 0)
        return 0;
    if (d.is(role::netlink))
        return receive_netlink(fd, d, list, static_cast<std::size_t>(count), 0);
    return receive_message(fd, d, to.list(), 0);
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(ssize_t, recv, int fd, void *data, std::size_t size, int flags) {
    if (!table::has(fd)) [[likely]]
        return next::recv(fd, data, size, flags);
    ::pthread_testcancel();
    return served(
        "recv", fd,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes, 0x%x", size, static_cast<unsigned>(flags));
            return receive_any(fd, d, data, size, flags);
        },
        [&]() -> long { return next::recv(fd, data, size, flags); });
}

KCAPI_EXPORT(ssize_t, recvfrom, int fd, void *data, std::size_t size, int flags, sockaddr *from,
             socklen_t *from_size) {
    const auto pass = [&]() -> long { return next::recvfrom(fd, data, size, flags, from, from_size); };
    if (!table::has(fd)) [[likely]]
        return pass();
    ::pthread_testcancel();
    return served(
        "recvfrom", fd,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes, 0x%x", size, static_cast<unsigned>(flags));
            return receive_from(fd, d, data, size, flags, from, from_size);
        },
        pass);
}

KCAPI_EXPORT(ssize_t, recvmsg, int fd, msghdr *message, int flags) {
    if (!table::has(fd)) [[likely]]
        return adopted(next::recvmsg(fd, message, flags), message);
    ::pthread_testcancel();
    return served(
        "recvmsg", fd,
        [&](description &d, trace::details &said) { return receive_msg(fd, d, message, flags, said); },
        [&]() -> long { return next::recvmsg(fd, message, flags); });
}

KCAPI_EXPORT(int, recvmmsg, int fd, mmsghdr *messages, unsigned count, int flags, timespec *timeout) {
    const auto pass = [&]() -> long { return next::recvmmsg(fd, messages, count, flags, timeout); };
    if (!table::has(fd)) [[likely]]
        return static_cast<int>(pass());
    ::pthread_testcancel();
    return static_cast<int>(served(
        "recvmmsg", fd,
        [&](description &d, trace::details &said) {
            return receive_several(fd, d, messages, count, flags, timeout, said);
        },
        pass));
}

KCAPI_EXPORT(ssize_t, read, int fd, void *data, std::size_t size) {
    if (!table::has(fd)) [[likely]]
        return next::read(fd, data, size);
    ::pthread_testcancel();
    return served(
        "read", fd,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes", size);
            return read_bytes(fd, d, data, size);
        },
        [&]() -> long { return next::read(fd, data, size); });
}

KCAPI_EXPORT(ssize_t, readv, int fd, const iovec *list, int count) {
    if (!table::has(fd)) [[likely]]
        return next::readv(fd, list, count);
    ::pthread_testcancel();
    return served(
        "readv", fd,
        [&](description &d, trace::details &said) {
            said.set(", %d buffers", count);
            return read_list(fd, d, list, count);
        },
        [&]() -> long { return next::readv(fd, list, count); });
}

// The checked variants: libc's own says what becomes of a length that is longer than the buffer.

KCAPI_EXPORT_AS(ssize_t, read_chk, "__read_chk", int fd, void *data, std::size_t size, std::size_t room) {
    if (!table::has(fd) || size > room)
        return next::read_chk(fd, data, size, room);
    return kcapi_preload_read(fd, data, size);
}

KCAPI_EXPORT_AS(ssize_t, recv_chk, "__recv_chk", int fd, void *data, std::size_t size, std::size_t room,
                int flags) {
    if (!table::has(fd) || size > room)
        return next::recv_chk(fd, data, size, room, flags);
    return kcapi_preload_recv(fd, data, size, flags);
}

KCAPI_EXPORT_AS(ssize_t, recvfrom_chk, "__recvfrom_chk", int fd, void *data, std::size_t size,
                std::size_t room, int flags, sockaddr *from, socklen_t *from_size) {
    if (!table::has(fd) || size > room)
        return next::recvfrom_chk(fd, data, size, room, flags, from, from_size);
    return kcapi_preload_recvfrom(fd, data, size, flags, from, from_size);
}

KCAPI_EXPORT_ALIAS("__read", "read");
