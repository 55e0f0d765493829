// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/afalg.hpp"
#include "alg/name.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>

namespace kcapi::afalg {

namespace {

/// The kernel counts a buffer in whole pages, and takes a page in any case.
std::size_t whole_pages(int option_value) noexcept {
    const std::size_t page = base::sys::page_size();
    const std::size_t size = option_value > 0 ? static_cast<std::size_t>(option_value) : 0;
    return std::max(size / page * page, page);
}

} // namespace

result<base::unique_fd> open_socket() noexcept { return base::sys::socket(uapi::af_alg, SOCK_SEQPACKET, 0); }

result<void> bind_algorithm(int fd, alg::kind type, std::string_view name, std::uint32_t selection) noexcept {
    // bind's own answer to an address that is longer than any socket's.
    if (name.size() > alg::max_bind_name)
        return error{EINVAL, "bind: the name is too long"};
    if (name.find('\0') != std::string_view::npos)
        return error{ENOENT, "bind"};
    uapi::address address{};
    static_assert(sizeof address.name == alg::max_bind_name + 1);
    address.family = uapi::af_alg;
    address.feature = selection;
    address.mask = selection;
    const std::string_view type_name = alg::kind_name(type);
    type_name.copy(address.type, sizeof address.type - 1);
    name.copy(address.name, name.size());
    // The kernel takes what the address's length says, and the last byte must be the name's end.
    const std::size_t size = offsetof(uapi::address, name) + name.size() + 1;
    return base::sys::bind(fd, {reinterpret_cast<const std::uint8_t *>(&address), size});
}

result<void> set_option(int fd, int option, const void *value, std::size_t size) noexcept {
    if (size > INT_MAX)
        return error{EINVAL, "setsockopt"};
    return base::sys::setsockopt(fd, uapi::sol_alg, option, value, static_cast<socklen_t>(size));
}

result<capacity> read_capacity(int fd) noexcept {
    const result<int> send = base::sys::getsockopt(fd, SOL_SOCKET, SO_SNDBUF);
    if (!send)
        return send.error();
    const result<int> receive = base::sys::getsockopt(fd, SOL_SOCKET, SO_RCVBUF);
    if (!receive)
        return receive.error();
    return capacity{whole_pages(*send), whole_pages(*receive)};
}

result<capacity> enlarge(int fd, std::size_t size) noexcept {
    // The kernel doubles the value it is given. A page more covers the rounding on both sides.
    const std::size_t wanted = size / 2 + base::sys::page_size();
    if (wanted > INT_MAX / 2)
        return error{EMSGSIZE, "SO_SNDBUF"};
    const int value = static_cast<int>(wanted);
    const auto raise = [&](int option) {
        return base::sys::setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
    };
    const result<capacity> before = read_capacity(fd);
    if (!before)
        return before;
    // Never lowered: the user may have set more. A refusal shows in what is read back.
    if (before->send < size)
        (void)raise(SO_SNDBUF);
    if (before->receive < size)
        (void)raise(SO_RCVBUF);
    const result<capacity> plain = read_capacity(fd);
    if (!plain || plain->pass() >= size)
        return plain;
    if (plain->send < size)
        (void)raise(SO_SNDBUFFORCE);
    if (plain->receive < size)
        (void)raise(SO_RCVBUFFORCE);
    return read_capacity(fd);
}

} // namespace kcapi::afalg
