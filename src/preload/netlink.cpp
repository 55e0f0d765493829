// SPDX-License-Identifier: BSD-3-Clause
#include "preload/netlink.hpp"

#include "preload/listing/netlink.hpp"
#include "preload/memory.hpp"
#include "preload/next.hpp"
#include "preload/process.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"
#include "preload/sockets.hpp"

#include "runtime/runtime.hpp"

#include <linux/netlink.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kcapi::preload::netlink {

namespace {

constexpr int most_in_flight = 212992;
constexpr int cap_ack = 10;

/// Moves waiting answers into the socket as far as there is room. With d.setting held.
void pump(int fd, description &d) noexcept {
    while (!d.answers.empty()) {
        const std::vector<std::uint8_t> &next_answer = d.answers.front();
        if (next::raw(SYS_sendto, fd, reinterpret_cast<long>(next_answer.data()),
                      static_cast<long>(next_answer.size()), MSG_DONTWAIT, 0, 0) < 0)
            return;
        d.answers.pop_front();
    }
}

std::uint32_t port_of(description &d) noexcept {
    std::uint32_t none = 0;
    // The kernel, too, gives a process's first socket its number.
    const auto own = static_cast<std::uint32_t>(next::raw(SYS_getpid));
    return d.port.compare_exchange_strong(none, own) ? own : none;
}

/// Writes an address the way the kernel does: what there is room for, and its full size.
long put_address(const sockaddr_nl &from, sockaddr *address, socklen_t &size) noexcept {
    if (size > INT32_MAX)
        return -EINVAL;
    const socklen_t n = std::min<socklen_t>(size, sizeof from);
    if (writable(address, n) != n)
        return -EFAULT;
    if (n != 0)
        std::memcpy(address, &from, n);
    size = sizeof from;
    return 0;
}

sockaddr_nl name(std::uint32_t port) noexcept {
    sockaddr_nl n{};
    n.nl_family = AF_NETLINK;
    n.nl_pid = port;
    return n;
}

} // namespace

long make_socket(int type) {
    constexpr int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
    const int kind = type & ~flags;
    if (kind != SOCK_RAW && kind != SOCK_DGRAM)
        return -ESOCKTNOSUPPORT;
    note_process();
    held d(description::make(role::netlink));
    if (!d)
        return -ENOMEM;
    const long fd = open_descriptor(std::move(d), SOCK_DGRAM, type & flags);
    if (fd >= 0)
        readiness::connect_to_itself(static_cast<int>(fd), most_in_flight);
    return fd;
}

long bind(description &d, const sockaddr *address, socklen_t size) {
    sockaddr_nl wanted{};
    if (size < sizeof wanted)
        return -EINVAL;
    if (readable(address, sizeof wanted) != sizeof wanted)
        return -EFAULT;
    std::memcpy(&wanted, address, sizeof wanted);
    if (wanted.nl_family != AF_NETLINK)
        return -EINVAL;
    if (const std::uint32_t port = d.port.load(); port != 0 && wanted.nl_pid != 0 && wanted.nl_pid != port)
        return -EINVAL;
    if (wanted.nl_pid != 0)
        d.port = wanted.nl_pid;
    else
        (void)port_of(d);
    return 0;
}

long own_name(description &d, sockaddr *address, socklen_t *size) {
    if (!can_write(size))
        return -EFAULT;
    return put_address(name(d.port.load()), address, *size);
}

long set_option(description &d, int option, const void *value, socklen_t size) {
    int wanted = 0;
    if (size < sizeof wanted)
        return -EINVAL;
    if (readable(value, sizeof wanted) != sizeof wanted)
        return -EFAULT;
    std::memcpy(&wanted, value, sizeof wanted);

    if (option == cap_ack)
        d.bare_errors = wanted != 0;
    return 0;
}

long send(int fd, description &d, base::iov_list from) {
    for (const iovec &v : from)
        if (v.iov_base == nullptr && v.iov_len != 0)
            return -EFAULT;
    std::vector<std::uint8_t> request(base::total_length(from).value_or(0));
    (void)base::iov_cursor(from).take(request);
    const presence here(d);
    const std::lock_guard lock(d.setting);
    const asker who{.port = port_of(d), .bare_errors = d.bare_errors, .is_listing = !d.answers.empty()};
    replies made = [&] {
        const std::lock_guard using_it(engine_use());
        return answer(runtime::local_engine(), request, who);
    }();
    for (std::vector<datagram> *const part : {&made.now, &made.rest_of_list})
        for (datagram &one : *part)
            d.answers.push_back(std::move(one));
    pump(fd, d);
    return static_cast<long>(request.size());
}

long receive(int fd, description &d, msghdr &message, int flags) {
    socklen_t name_size = message.msg_namelen;
    const long r = next::raw(SYS_recvmsg, fd, reinterpret_cast<long>(&message), flags);
    if (r < 0)
        return r;
    const std::lock_guard lock(d.setting);
    pump(fd, d);
    if (message.msg_name != nullptr) {
        // The kernel has written the name of a socket that only we know.
        (void)put_address(name(0), static_cast<sockaddr *>(message.msg_name), name_size);
        message.msg_namelen = name_size;
    }
    return r;
}

} // namespace kcapi::preload::netlink
