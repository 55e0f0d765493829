// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/listing.hpp"
#include "afalg/uapi.h"

#include <linux/netlink.h>

#include <cerrno>
#include <cstring>

namespace kcapi::afalg {

namespace {

/// The kernel makes a dump's datagrams up to 65535 bytes long, whatever the receiver's buffer.
constexpr std::size_t buffer_size = 65536;
/// Datagrams of one reply; a list has a few hundred entries, some hundred to a datagram.
constexpr int max_datagrams = 1024;

struct query {
    nlmsghdr header;
    uapi::user_alg body;
};

} // namespace

result<netlink> netlink::open() {
    result<base::unique_fd> fd = base::sys::socket(AF_NETLINK, SOCK_RAW, uapi::netlink_crypto);
    if (!fd)
        return fd.error();
    const sockaddr_nl self{AF_NETLINK, 0, 0, 0};
    const result<void> bound =
        base::sys::bind(fd->get(), {reinterpret_cast<const std::uint8_t *>(&self), sizeof self});
    if (!bound)
        return bound.error();
    return netlink(std::move(*fd));
}

result<record> netlink::by_name(alg::kind type, std::string_view name) { return one(type, name, {}); }

result<record> netlink::by_driver(alg::kind type, std::string_view driver_name) {
    return one(type, {}, driver_name);
}

result<std::vector<record>> netlink::dump() {
    result<std::vector<record>> records = ask({}, {}, NLM_F_DUMP);
    if (records)
        clear_wrappers(*records);
    return records;
}

result<record> netlink::one(alg::kind type, std::string_view name, std::string_view driver_name) {
    result<std::vector<record>> records = ask(name, driver_name, 0);
    if (!records)
        return records.error();
    if (records->empty() || records->front().info.type != type)
        return error{ENOENT, "NETLINK_CRYPTO"};
    record &r = records->front();
    if (driver_name.empty() ? r.info.name != name : r.info.driver_name != driver_name)
        return error{EPROTO, "NETLINK_CRYPTO"};
    return std::move(r);
}

result<std::vector<record>> netlink::ask(std::string_view name, std::string_view driver_name, int flags) {
    query q{};
    if (name.size() >= sizeof q.body.name || driver_name.size() >= sizeof q.body.driver_name)
        return error{ENOENT, "NETLINK_CRYPTO"};
    q.header.nlmsg_len = sizeof q;
    q.header.nlmsg_type = uapi::get_alg;
    q.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    q.header.nlmsg_seq = ++sequence_;
    name.copy(q.body.name, name.size());
    driver_name.copy(q.body.driver_name, driver_name.size());

    sockaddr_nl kernel{AF_NETLINK, 0, 0, 0};
    iovec bytes{&q, sizeof q};
    msghdr message{};
    message.msg_name = &kernel;
    message.msg_namelen = sizeof kernel;
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    const result<std::size_t> sent = base::sys::sendmsg(fd_.get(), message, 0);
    if (!sent)
        return sent.error();

    std::vector<std::uint8_t> buffer(buffer_size);
    std::vector<record> records;
    for (int i = 0; i < max_datagrams; ++i) {
        const result<std::size_t> size = receive(buffer);
        if (!size)
            return size.error();
        const result<bool> complete = parse_reply({buffer.data(), *size}, sequence_, records);
        if (!complete)
            return complete.error();
        if (*complete)
            return records;
    }
    return error{EPROTO, "NETLINK_CRYPTO"};
}

/// The next datagram. One that did not come from the kernel counts as empty.
result<std::size_t> netlink::receive(std::vector<std::uint8_t> &buffer) noexcept {
    sockaddr_nl from{};
    iovec bytes{buffer.data(), buffer.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    const result<std::size_t> size = base::sys::recvmsg(fd_.get(), message, MSG_DONTWAIT);
    if (!size)
        return size.error();
    if (message.msg_namelen != sizeof from || from.nl_family != AF_NETLINK || from.nl_pid != 0)
        return std::size_t{0};
    if ((message.msg_flags & MSG_TRUNC) != 0 || *size > buffer.size())
        return error{EPROTO, "NETLINK_CRYPTO"};
    return size;
}

} // namespace kcapi::afalg
