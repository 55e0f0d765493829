// SPDX-License-Identifier: BSD-3-Clause
//
// setsockopt and getsockopt. What belongs to every socket is the real one's; sizes of buffers and what tells
// the family apart are not.
#include "preload/key_serial.hpp"
#include "preload/memory.hpp"
#include "preload/next.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"
#include "preload/sockets.hpp"

#include <linux/if_alg.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kcapi::preload {

namespace {

/// net.core.wmem_max and rmem_max; SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF.
constexpr int buffer_max = 212992;
constexpr int send_min = 4608;
constexpr int receive_min = 2304;
/// net.core.optmem_max: there is no memory for a longer key.
constexpr socklen_t key_memory = 131072;

/// Numbers that older headers lack.
constexpr int set_key_by_serial = 7;

long set_buffer_size(int fd, description &d, bool send, int wanted) {
    const int bounded = wanted < 0 ? buffer_max : std::min(wanted, buffer_max);
    const int effective = std::max(2 * bounded, send ? send_min : receive_min);
    (send ? d.send_size : d.receive_size).store(effective, std::memory_order_relaxed);
    if (!d.is(role::operation))
        return 0;
    const long r =
        to_kernel(send ? d.op->set_buffers(wanted, std::nullopt) : d.op->set_buffers(std::nullopt, wanted));
    // What is queued may fill a smaller buffer, and leave room in a larger one.
    if (d.watched.load(std::memory_order_acquire))
        readiness::update(fd, d, false);
    return r;
}

long set_socket_option(int fd, description &d, int option, const void *value, socklen_t size) {
    const bool send = option == SO_SNDBUF || option == SO_SNDBUFFORCE;
    const bool forced = option == SO_SNDBUFFORCE || option == SO_RCVBUFFORCE;
    if (!send && option != SO_RCVBUF && option != SO_RCVBUFFORCE)
        return next::raw(SYS_setsockopt, fd, SOL_SOCKET, option, reinterpret_cast<long>(value),
                         static_cast<long>(size));
    int wanted = 0;
    if (size < sizeof wanted)
        return -EINVAL;
    if (readable(value, sizeof wanted) != sizeof wanted)
        return -EFAULT;
    std::memcpy(&wanted, value, sizeof wanted);
    if (forced) {
        // Whether this process may is the kernel's to say; the socket has a use for its own size.
        const long allowed = next::raw(SYS_setsockopt, fd, SOL_SOCKET, SO_RCVBUFFORCE,
                                       reinterpret_cast<long>(&wanted), sizeof wanted);
        if (allowed != 0)
            return allowed;
    }
    return set_buffer_size(fd, d, send, wanted);
}

/// What the kernel says of an option that is none: EBUSY comes first.
long refuse_option(description &d) {
    if (d.bound == nullptr)
        return -ENOPROTOOPT;
    const result<std::uint32_t> r = d.bound->set(alg::parameter::public_key, {});
    return r ? -ENOPROTOOPT : -static_cast<long>(r.error().code);
}

long set_key(description &d, const void *value, socklen_t size) {
    if (size >= key_memory)
        return -ENOMEM;
    if (readable(value, size) != size)
        return -EFAULT;
    const result<std::uint32_t> r =
        d.bound->set(alg::parameter::key, {static_cast<const std::uint8_t *>(value), size});
    return r ? 0 : -static_cast<long>(r.error().code);
}

bool takes_tag_size(const alg::transform &t) noexcept { return t.info().type == alg::kind::aead; }

} // namespace

long set_option(int fd, description &d, int level, int option, const void *value, socklen_t size,
                trace::details &said) {
    said.set(", %d, %d, %u bytes", level, option, size);
    if (size > INT32_MAX)
        return -EINVAL;
    if (level == SOL_SOCKET)
        return set_socket_option(fd, d, option, value, size);
    if (!d.is(role::transform))
        return -EOPNOTSUPP;
    const presence here(d);
    const std::lock_guard lock(d.setting);
    if (const long refused = refuse_option(d); refused == -EBUSY || d.bound == nullptr || level != SOL_ALG)
        return refused == -EBUSY ? -EBUSY : -ENOPROTOOPT;
    switch (option) {
    case ALG_SET_KEY:
        return set_key(d, value, size);
    case ALG_SET_AEAD_AUTHSIZE:
        // The size is the length of the option; there need not be any memory.
        return takes_tag_size(*d.bound) ? to_kernel(d.bound->set_tag_size(size)) : -ENOPROTOOPT;
    case set_key_by_serial:
        return set_key_of_keyring(*d.bound, value, size);
    default:
        return -ENOPROTOOPT;
    }
}

namespace {

/// The value of an option that the real socket would answer wrongly.
std::optional<int> own_option(const description &d, int option) noexcept {
    const bool netlink = d.is(role::netlink);
    switch (option) {
    case SO_TYPE:
        return netlink ? SOCK_RAW : SOCK_SEQPACKET;
    case SO_DOMAIN:
        return netlink ? AF_NETLINK : AF_ALG;
    case SO_PROTOCOL:
        return netlink ? 21 : 0;
    case SO_ACCEPTCONN:
    case SO_ERROR:
        return 0;
    case SO_SNDBUF:
        return d.send_size.load(std::memory_order_relaxed);
    case SO_RCVBUF:
        return d.receive_size.load(std::memory_order_relaxed);
    default:
        return std::nullopt;
    }
}

} // namespace

long get_option(int fd, description &d, int level, int option, void *value, socklen_t *size,
                trace::details &said) {
    said.set(", %d, %d", level, option);
    if (level != SOL_SOCKET)
        return -EOPNOTSUPP;
    const std::optional<int> own = own_option(d, option);
    if (!own)
        return next::raw(SYS_getsockopt, fd, level, option, reinterpret_cast<long>(value),
                         reinterpret_cast<long>(size));
    if (!can_write(size))
        return -EFAULT;
    if (*size > INT32_MAX)
        return -EINVAL;
    const socklen_t n = std::min<socklen_t>(*size, sizeof *own);
    if (writable(value, n) != n)
        return -EFAULT;
    if (n != 0)
        std::memcpy(value, &*own, n);
    *size = n;
    return 0;
}

} // namespace kcapi::preload
