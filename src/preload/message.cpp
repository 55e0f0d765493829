// SPDX-License-Identifier: BSD-3-Clause
#include "preload/message.hpp"

#include "preload/control.hpp"
#include "preload/memory.hpp"
#include "preload/netlink.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace kcapi::preload {

namespace {

bool does_not_wait(const description &d, int flags) noexcept {
    return (flags & MSG_DONTWAIT) != 0 || d.nonblocking.load(std::memory_order_relaxed);
}

/// The kernel asks for the key before it looks at the header.
bool lacks_key(alg::operation &op) {
    const result<std::size_t> r = op.receive({}, {.dont_wait = true});
    return !r && r.error().code == ENOKEY;
}

} // namespace

namespace {

/// An operation's send with the header that the control data make; null: there were none that count.
long send_to_operation(int fd, description &d, base::iov_list from, const alg::control *header, int flags) {
    const alg::call_flags how{.more = (flags & MSG_MORE) != 0, .dont_wait = does_not_wait(d, flags)};
    const result<std::size_t> r = d.op->send(from, header, how);
    if (d.watched.load(std::memory_order_acquire)) [[unlikely]]
        readiness::update(fd, d, true);
    return to_kernel(r);
}

long send_with_control(int fd, description &d, base::iov_list from, base::bytes control, int flags) {
    const result<alg::control> parsed = parse_control(control);
    if (!parsed)
        return lacks_key(*d.op) ? -ENOKEY : -static_cast<long>(parsed.error().code);
    return send_to_operation(fd, d, from, &*parsed, flags);
}

} // namespace

long send_message(int fd, description &d, base::iov_list from, base::bytes control, int flags) {
    if (!d.is(role::operation)) [[unlikely]]
        return d.is(role::netlink) ? netlink::send(fd, d, from) : -EOPNOTSUPP;
    if (presence::blocks(d)) [[unlikely]]
        return -EBUSY;
    const presence here(d, fd);
    // A hash reads no control data at all, not even wrong ones.
    if (control.empty() || d.kind == alg::kind::hash)
        return send_to_operation(fd, d, from, nullptr, flags);
    return send_with_control(fd, d, from, control, flags);
}

std::size_t most_output(const description &d) noexcept {
    if (d.is(role::operation) && d.kind == alg::kind::hash)
        return d.digest_size;
    constexpr std::size_t random_bytes = 128;
    return d.is(role::operation) && d.kind == alg::kind::rng ? random_bytes : buffers::max_bytes;
}

long receive_message(int fd, description &d, base::iov_list to, int flags) {
    if (!d.is(role::operation))
        return -EOPNOTSUPP;
    if (presence::blocks(d))
        return -EBUSY;
    const presence here(d, fd);
    const result<std::size_t> r = d.op->receive(to, {.dont_wait = does_not_wait(d, flags)});
    if (d.watched.load(std::memory_order_acquire))
        readiness::update(fd, d, false);
    return to_kernel(r);
}

// The usual cases are a buffer that is memory throughout, and known to be so by a touch or two.

long send_bytes(int fd, description &d, const void *data, std::size_t size, int flags) {
    if (size <= buffers::max_bytes && readable(data, size) == size) [[likely]] {
        const iovec one{const_cast<void *>(data), size};
        return send_message(fd, d, {&one, 1}, {}, flags);
    }
    return send_message(fd, d, buffers(data, size, access::read).list(), {}, flags);
}

long receive_bytes(int fd, description &d, void *data, std::size_t size, int flags) {
    const std::size_t used = std::min(size, most_output(d));
    if (writable(data, used) == used) [[likely]] {
        const iovec one{data, used};
        return receive_message(fd, d, {&one, 1}, flags);
    }
    return receive_message(fd, d, buffers(data, used, access::write).list(), flags);
}

} // namespace kcapi::preload
