// SPDX-License-Identifier: BSD-3-Clause
//
// Sending to and receiving from a description: what the kernel's send and receive functions do, and the rest
// of the calls on such sockets. Values, or negative errnos.
#pragma once

#include "preload/buffers.hpp"
#include "preload/description.hpp"

namespace kcapi::preload {

/// `control`: the program's control data; empty if there were none.
[[nodiscard]] long send_message(int fd, description &d, const buffers &from, base::bytes control, int flags);

/// How many bytes a receive on `d` can give at most: more room need not be looked at.
[[nodiscard]] std::size_t most_output(const description &d) noexcept;
/// `truncated`: whether a digest had more than there was room for.
[[nodiscard]] long receive_message(int fd, description &d, const buffers &to, int flags, bool &truncated);

} // namespace kcapi::preload
