// SPDX-License-Identifier: BSD-3-Clause
#include "preload/message.hpp"

#include "preload/control.hpp"
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

long send_message(int fd, description &d, const buffers &from, base::bytes control, int flags) {
    if (d.is(role::netlink))
        return netlink::send(fd, d, from);
    if (!d.is(role::operation))
        return -EOPNOTSUPP;
    if (presence::blocks(d))
        return -EBUSY;
    const presence here(d, fd);
    alg::control header;
    // A hash reads no control data at all, not even wrong ones.
    const bool has_header = !control.empty() && d.kind != alg::kind::hash;
    if (has_header) {
        const result<alg::control> parsed = parse_control(control);
        if (!parsed)
            return lacks_key(*d.op) ? -ENOKEY : -static_cast<long>(parsed.error().code);
        header = *parsed;
    }
    const alg::call_flags how{.more = (flags & MSG_MORE) != 0, .dont_wait = does_not_wait(d, flags)};
    const result<std::size_t> r = d.op->send(from.list(), has_header ? &header : nullptr, how);
    if (d.watched.load(std::memory_order_acquire))
        readiness::update(fd, d, true);
    return to_kernel(r);
}

std::size_t most_output(const description &d) noexcept {
    if (d.is(role::operation) && d.kind == alg::kind::hash)
        return d.digest_size;
    constexpr std::size_t random_bytes = 128;
    return d.is(role::operation) && d.kind == alg::kind::rng ? random_bytes : buffers::max_bytes;
}

long receive_message(int fd, description &d, const buffers &to, int flags, bool &truncated) {
    if (!d.is(role::operation))
        return -EOPNOTSUPP;
    if (presence::blocks(d))
        return -EBUSY;
    const presence here(d, fd);
    const result<std::size_t> r = d.op->receive(to.list(), {.dont_wait = does_not_wait(d, flags)});
    if (d.watched.load(std::memory_order_acquire))
        readiness::update(fd, d, false);
    truncated = r && d.kind == alg::kind::hash && to.length() < d.digest_size;
    return to_kernel(r);
}

} // namespace kcapi::preload
