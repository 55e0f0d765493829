// SPDX-License-Identifier: BSD-3-Clause
//
// Making descriptors of ours, and what is set on them. Values, or negative errnos.
#pragma once

#include "preload/description.hpp"
#include "preload/trace.hpp"

#include <sys/socket.h>

namespace kcapi::preload {

/// socket(AF_ALG, ...).
[[nodiscard]] long make_transform_socket(int type, int protocol);
[[nodiscard]] long bind_socket(description &d, const sockaddr *address, socklen_t size, trace::details &said);
[[nodiscard]] long accept_socket(description &d, const sockaddr *address, int flags);

[[nodiscard]] long set_option(int fd, description &d, int level, int option, const void *value,
                              socklen_t size, trace::details &said);
[[nodiscard]] long get_option(int fd, description &d, int level, int option, void *value, socklen_t *size,
                              trace::details &said);

/// A real socket for `d`, in the table under the number it gets: that, or a negative errno.
[[nodiscard]] long open_descriptor(held d, int type, int flags) noexcept;

} // namespace kcapi::preload
