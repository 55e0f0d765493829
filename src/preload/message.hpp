// SPDX-License-Identifier: BSD-3-Clause
//
// Sending to and receiving from a description: what the kernel's send and receive functions do, and the rest
// of the calls on such sockets. Values, or negative errnos.
#pragma once

#include "preload/buffers.hpp"
#include "preload/description.hpp"

namespace kcapi::preload {

/// `from` is a list that `buffers` made. `control`: the program's control data; empty if there were none.
[[nodiscard]] long send_message(int fd, description &d, base::iov_list from, base::bytes control, int flags);

/// How many bytes a receive on `d` can give at most: more room need not be looked at.
[[nodiscard]] std::size_t most_output(const description &d) noexcept;
[[nodiscard]] long receive_message(int fd, description &d, base::iov_list to, int flags);

/// The same with one buffer of the program's.
[[nodiscard]] long send_bytes(int fd, description &d, const void *data, std::size_t size, int flags);
[[nodiscard]] long receive_bytes(int fd, description &d, void *data, std::size_t size, int flags);

} // namespace kcapi::preload
