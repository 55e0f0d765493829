// SPDX-License-Identifier: BSD-3-Clause
//
// poll, select and epoll are left to the kernel: from the first time on that somebody may ask, the real
// socket is kept readable and writable as AF_ALG's would be. Before that nothing is done for it.
//
// AF_ALG knows four states, and each has its image in a socket of the AF_UNIX family:
//   neither (transforms, hashes, generators, always)   a stream socket that listens
//   writable                                           a datagram socket connected to itself, empty
//   readable and writable                              the same with a small message from itself
//   readable (the queue is full)                       the same with one as large as its send buffer
#pragma once

#include "preload/description.hpp"

namespace kcapi::preload::readiness {

/// The type of socket that can show what a description may be.
[[nodiscard]] int socket_type(role what, alg::kind kind) noexcept;

/// Binds a datagram socket to a name of its own and connects it there: nobody else can send to it.
void connect_to_itself(int fd, int send_size) noexcept;

/// Somebody may ask for the readiness of `fd` from now on.
void watch(int fd) noexcept;

/// A call on `fd` changed something; `sent`: it brought data, which wakes sleepers even where nothing
/// changes.
void update(int fd, description &d, bool sent) noexcept;

} // namespace kcapi::preload::readiness
