// SPDX-License-Identifier: BSD-3-Clause
//
// The exported functions under the names they have here: for syscall(), which reaches each by its number.
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cstddef>

extern "C" {
int kcapi_preload_socket(int, int, int) __asm__("socket");
int kcapi_preload_socketpair(int, int, int, int *) __asm__("socketpair");
int kcapi_preload_bind(int, const sockaddr *, socklen_t) __asm__("bind");
int kcapi_preload_listen(int, int) __asm__("listen");
int kcapi_preload_connect(int, const sockaddr *, socklen_t) __asm__("connect");
int kcapi_preload_accept4(int, sockaddr *, socklen_t *, int) __asm__("accept4");
int kcapi_preload_shutdown(int, int) __asm__("shutdown");
int kcapi_preload_getsockname(int, sockaddr *, socklen_t *) __asm__("getsockname");
int kcapi_preload_getpeername(int, sockaddr *, socklen_t *) __asm__("getpeername");
int kcapi_preload_setsockopt(int, int, int, const void *, socklen_t) __asm__("setsockopt");
int kcapi_preload_getsockopt(int, int, int, void *, socklen_t *) __asm__("getsockopt");
ssize_t kcapi_preload_sendto(int, const void *, std::size_t, int, const sockaddr *,
                             socklen_t) __asm__("sendto");
ssize_t kcapi_preload_sendmsg(int, const msghdr *, int) __asm__("sendmsg");
int kcapi_preload_sendmmsg(int, mmsghdr *, unsigned, int) __asm__("sendmmsg");
ssize_t kcapi_preload_recvfrom(int, void *, std::size_t, int, sockaddr *, socklen_t *) __asm__("recvfrom");
ssize_t kcapi_preload_recvmsg(int, msghdr *, int) __asm__("recvmsg");
int kcapi_preload_recvmmsg(int, mmsghdr *, unsigned, int, timespec *) __asm__("recvmmsg");
ssize_t kcapi_preload_read(int, void *, std::size_t) __asm__("read");
ssize_t kcapi_preload_readv(int, const iovec *, int) __asm__("readv");
ssize_t kcapi_preload_write(int, const void *, std::size_t) __asm__("write");
ssize_t kcapi_preload_writev(int, const iovec *, int) __asm__("writev");
ssize_t kcapi_preload_splice(int, off64_t *, int, off64_t *, std::size_t, unsigned) __asm__("splice");
ssize_t kcapi_preload_sendfile(int, int, off_t *, std::size_t) __asm__("sendfile");
int kcapi_preload_close(int) __asm__("close");
int kcapi_preload_close_range(unsigned, unsigned, int) __asm__("close_range");
int kcapi_preload_dup(int) __asm__("dup");
int kcapi_preload_dup2(int, int) __asm__("dup2");
int kcapi_preload_dup3(int, int, int) __asm__("dup3");
int kcapi_preload_fcntl(int, int, ...) __asm__("fcntl");
int kcapi_preload_ioctl(int, unsigned long, ...) __asm__("ioctl");
int kcapi_preload_poll(pollfd *, nfds_t, int) __asm__("poll");
int kcapi_preload_select(int, fd_set *, fd_set *, fd_set *, timeval *) __asm__("select");
int kcapi_preload_epoll_ctl(int, int, int, epoll_event *) __asm__("epoll_ctl");
}
