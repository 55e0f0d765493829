// SPDX-License-Identifier: BSD-3-Clause
//
// The functions behind ours: what the program would have called without this library. A call costs one load
// and a jump. The pointers are filled when the library is loaded; what is called before that fills them.
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>

#include <cstddef>
#include <cstdio>

// Where a C function takes further arguments, `long` stands for the one there may be: the calling conventions
// of Linux pass it alike.
#define KCAPI_NEXT_FUNCTIONS(F)                                                                              \
    F(int, socket, (int, int, int))                                                                          \
    F(int, socketpair, (int, int, int, int *))                                                               \
    F(int, bind, (int, const sockaddr *, socklen_t))                                                         \
    F(int, listen, (int, int))                                                                               \
    F(int, connect, (int, const sockaddr *, socklen_t))                                                      \
    F(int, accept, (int, sockaddr *, socklen_t *))                                                           \
    F(int, accept4, (int, sockaddr *, socklen_t *, int))                                                     \
    F(int, shutdown, (int, int))                                                                             \
    F(int, getsockname, (int, sockaddr *, socklen_t *))                                                      \
    F(int, getpeername, (int, sockaddr *, socklen_t *))                                                      \
    F(int, setsockopt, (int, int, int, const void *, socklen_t))                                             \
    F(int, getsockopt, (int, int, int, void *, socklen_t *))                                                 \
    F(ssize_t, send, (int, const void *, std::size_t, int))                                                  \
    F(ssize_t, sendto, (int, const void *, std::size_t, int, const sockaddr *, socklen_t))                   \
    F(ssize_t, sendmsg, (int, const msghdr *, int))                                                          \
    F(int, sendmmsg, (int, mmsghdr *, unsigned, int))                                                        \
    F(ssize_t, recv, (int, void *, std::size_t, int))                                                        \
    F(ssize_t, recvfrom, (int, void *, std::size_t, int, sockaddr *, socklen_t *))                           \
    F(ssize_t, recvmsg, (int, msghdr *, int))                                                                \
    F(int, recvmmsg, (int, mmsghdr *, unsigned, int, timespec *))                                            \
    F(ssize_t, read, (int, void *, std::size_t))                                                             \
    F(ssize_t, readv, (int, const iovec *, int))                                                             \
    F(ssize_t, preadv2, (int, const iovec *, int, off_t, int))                                               \
    F(ssize_t, write, (int, const void *, std::size_t))                                                      \
    F(ssize_t, writev, (int, const iovec *, int))                                                            \
    F(ssize_t, pwritev2, (int, const iovec *, int, off_t, int))                                              \
    F(ssize_t, splice, (int, off64_t *, int, off64_t *, std::size_t, unsigned))                              \
    F(ssize_t, sendfile, (int, int, off_t *, std::size_t))                                                   \
    F(int, close, (int))                                                                                     \
    F(void, closefrom, (int))                                                                                \
    F(int, close_range, (unsigned, unsigned, int))                                                           \
    F(int, fclose, (FILE *))                                                                                 \
    F(int, dup, (int))                                                                                       \
    F(int, dup2, (int, int))                                                                                 \
    F(int, dup3, (int, int, int))                                                                            \
    F(int, fcntl, (int, int, long))                                                                          \
    F(int, fcntl64, (int, int, long))                                                                        \
    F(int, ioctl, (int, unsigned long, long))                                                                \
    F(int, open, (const char *, int, mode_t))                                                                \
    F(int, open64, (const char *, int, mode_t))                                                              \
    F(int, openat, (int, const char *, int, mode_t))                                                         \
    F(int, openat64, (int, const char *, int, mode_t))                                                       \
    F(FILE *, fopen, (const char *, const char *))                                                           \
    F(FILE *, fopen64, (const char *, const char *))                                                         \
    F(int, pipe, (int *))                                                                                    \
    F(int, pipe2, (int *, int))                                                                              \
    F(int, eventfd, (unsigned, int))                                                                         \
    F(int, epoll_create, (int))                                                                              \
    F(int, epoll_create1, (int))                                                                             \
    F(int, epoll_ctl, (int, int, int, epoll_event *))                                                        \
    F(int, poll, (pollfd *, nfds_t, int))                                                                    \
    F(int, ppoll, (pollfd *, nfds_t, const timespec *, const sigset_t *))                                    \
    F(int, select, (int, fd_set *, fd_set *, fd_set *, timeval *))                                           \
    F(int, pselect, (int, fd_set *, fd_set *, fd_set *, const timespec *, const sigset_t *))                 \
    F(int, sigaction, (int, const struct sigaction *, struct sigaction *))                                   \
    F(kcapi::preload::next::signal_handler, signal, (int, kcapi::preload::next::signal_handler))             \
    F(int, sigprocmask, (int, const sigset_t *, sigset_t *))                                                 \
    F(int, pthread_sigmask, (int, const sigset_t *, sigset_t *))                                             \
    F(int, io_submit, (void *, long, void **))                                                               \
    F(int, io_destroy, (void *))                                                                             \
    F(int, io_getevents, (void *, long, long, void *, timespec *))                                           \
    F(int, io_pgetevents, (void *, long, long, void *, timespec *, sigset_t *))                              \
    F(long, syscall, (long, long, long, long, long, long, long))

// Those whose name begins with two underscores more than here: the variants that check the room there is.
#define KCAPI_NEXT_CHECKED_FUNCTIONS(F)                                                                      \
    F(ssize_t, read_chk, (int, void *, std::size_t, std::size_t))                                            \
    F(ssize_t, recv_chk, (int, void *, std::size_t, std::size_t, int))                                       \
    F(ssize_t, recvfrom_chk, (int, void *, std::size_t, std::size_t, int, sockaddr *, socklen_t *))          \
    F(int, poll_chk, (pollfd *, nfds_t, int, std::size_t))                                                   \
    F(int, ppoll_chk, (pollfd *, nfds_t, const timespec *, const sigset_t *, std::size_t))                   \
    F(int, open_2, (const char *, int))                                                                      \
    F(int, open64_2, (const char *, int))                                                                    \
    F(int, openat_2, (int, const char *, int))                                                               \
    F(int, openat64_2, (int, const char *, int))

namespace kcapi::preload::next {

using signal_handler = void (*)(int);

#define KCAPI_NEXT_DECLARE(value, name, parameters) extern value(*name) parameters;
KCAPI_NEXT_FUNCTIONS(KCAPI_NEXT_DECLARE)
KCAPI_NEXT_CHECKED_FUNCTIONS(KCAPI_NEXT_DECLARE)
#undef KCAPI_NEXT_DECLARE

/// The system call itself, past every library: its value, or a negative errno. Leaves errno as found.
[[nodiscard]] long raw(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0,
                       long f = 0) noexcept;

} // namespace kcapi::preload::next
