// SPDX-License-Identifier: BSD-3-Clause
//
// NETLINK_CRYPTO sockets. The answers travel through the real socket, which is connected to itself: waiting,
// peeking and truncation are the kernel's own.
#pragma once

#include "preload/description.hpp"

#include <sys/socket.h>

namespace kcapi::preload::netlink {

/// NETLINK_CRYPTO.
inline constexpr int protocol = 21;

[[nodiscard]] long make_socket(int type);
[[nodiscard]] long bind(description &d, const sockaddr *address, socklen_t size);
[[nodiscard]] long own_name(description &d, sockaddr *address, socklen_t *size);
[[nodiscard]] long set_option(description &d, int option, const void *value, socklen_t size);

/// A request; its answers can be received when this returns.
[[nodiscard]] long send(int fd, description &d, base::iov_list from);
/// recvmsg; the sender's name is the kernel's.
[[nodiscard]] long receive(int fd, description &d, msghdr &message, int flags);

} // namespace kcapi::preload::netlink
