// SPDX-License-Identifier: BSD-3-Clause
//
// poll, select and epoll: descriptors of ours are made to show their state, and the kernel does the rest.
#include "preload/descriptors.hpp"
#include "preload/memory.hpp"
#include "preload/next.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"

namespace kcapi::preload {

namespace {

void watch_list(const pollfd *list, nfds_t count) noexcept {
    // Also because nothing of the program's may be touched before faults are caught.
    if (!table::is_used()) [[likely]]
        return;
    for (nfds_t i = 0; i < count; ++i) {
        // Asked per page, and only as long as the list goes on: its end need not be memory.
        if (i % 512 == 0 && !can_read(list + i))
            return;
        if (table::has(list[i].fd)) [[unlikely]]
            readiness::watch(list[i].fd);
    }
}

void watch_set(const fd_set *set, int count) noexcept {
    constexpr int bits = 8 * sizeof(unsigned long);
    const std::size_t size = (static_cast<std::size_t>(count) + bits - 1) / bits * sizeof(unsigned long);
    if (set == nullptr || readable(set, size) != size)
        return;
    const auto *const word = reinterpret_cast<const unsigned long *>(set);
    for (int first = 0; first < count; first += bits)
        for (unsigned long left = word[first / bits]; left != 0; left &= left - 1) {
            const int fd = first + __builtin_ctzl(left);
            if (fd < count && table::has(fd)) [[unlikely]]
                readiness::watch(fd);
        }
}

void watch_sets(int count, const fd_set *read, const fd_set *write, const fd_set *except) noexcept {
    if (!table::is_used() || count <= 0) [[likely]]
        return;
    for (const fd_set *const set : {read, write, except})
        watch_set(set, count);
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(int, poll, pollfd *list, nfds_t count, int timeout) {
    watch_list(list, count);
    return next::poll(list, count, timeout);
}

KCAPI_EXPORT(int, ppoll, pollfd *list, nfds_t count, const timespec *timeout, const sigset_t *mask) {
    watch_list(list, count);
    return next::ppoll(list, count, timeout, mask);
}

KCAPI_EXPORT_AS(int, poll_chk, "__poll_chk", pollfd *list, nfds_t count, int timeout, std::size_t room) {
    watch_list(list, count);
    return next::poll_chk(list, count, timeout, room);
}

KCAPI_EXPORT_AS(int, ppoll_chk, "__ppoll_chk", pollfd *list, nfds_t count, const timespec *timeout,
                const sigset_t *mask, std::size_t room) {
    watch_list(list, count);
    return next::ppoll_chk(list, count, timeout, mask, room);
}

KCAPI_EXPORT(int, select, int count, fd_set *read, fd_set *write, fd_set *except, timeval *timeout) {
    watch_sets(count, read, write, except);
    return next::select(count, read, write, except, timeout);
}

KCAPI_EXPORT(int, pselect, int count, fd_set *read, fd_set *write, fd_set *except, const timespec *timeout,
             const sigset_t *mask) {
    watch_sets(count, read, write, except);
    return next::pselect(count, read, write, except, timeout, mask);
}

KCAPI_EXPORT(int, epoll_ctl, int epoll, int operation, int fd, epoll_event *event) {
    if (table::has(fd)) [[unlikely]]
        readiness::watch(fd);
    return next::epoll_ctl(epoll, operation, fd, event);
}

KCAPI_EXPORT(int, epoll_create, int size) { return fresh(next::epoll_create(size)); }
KCAPI_EXPORT(int, epoll_create1, int flags) { return fresh(next::epoll_create1(flags)); }

KCAPI_EXPORT_ALIAS("__poll", "poll");
KCAPI_EXPORT_ALIAS("__select", "select");
