// SPDX-License-Identifier: BSD-3-Clause
#include "preload/readiness.hpp"

#include "preload/next.hpp"
#include "preload/serving.hpp"
#include "preload/table.hpp"

#include <sys/syscall.h>
#include <sys/un.h>

#include <array>

namespace kcapi::preload::readiness {

namespace {

long call(long number, int fd, const void *p, std::size_t size, int flags = 0) noexcept {
    return next::raw(number, fd, reinterpret_cast<long>(p), static_cast<long>(size), flags, 0, 0);
}

/// A name that the kernel chooses, in the abstract space: nothing in the file system.
void name(int fd) noexcept {
    sockaddr_un any{};
    any.sun_family = AF_UNIX;
    (void)call(SYS_bind, fd, &any, sizeof any.sun_family);
}

void listen_to_nobody(int fd) noexcept {
    name(fd);
    (void)next::raw(SYS_listen, fd, 0);
}

void empty(int fd) noexcept {
    std::uint8_t byte = 0;
    while (next::raw(SYS_recvfrom, fd, reinterpret_cast<long>(&byte), 0, MSG_DONTWAIT, 0, 0) >= 0)
        ;
}

void show(int fd, alg::readiness is) noexcept {
    // As a small message takes less than a quarter of the buffer's memory, and this one more.
    static constexpr std::array<std::uint8_t, 2048> filling{};
    empty(fd);
    if (is.readable)
        (void)call(SYS_sendto, fd, filling.data(), is.writable ? 1 : filling.size(), MSG_DONTWAIT);
}

/// With d.mirror held, so that our own close() does not give the number to somebody else meanwhile.
int settled_number(int fd, const description &d) noexcept {
    const table::slot *const s = table::find_slot(fd);
    return s != nullptr && s->load(std::memory_order_acquire) == &d ? fd : table::number_of(d);
}

bool changes(const description &d) noexcept {
    return d.is(role::operation) && (d.kind == alg::kind::skcipher || d.kind == alg::kind::aead);
}

} // namespace

int socket_type(role what, alg::kind kind) noexcept {
    const bool datagram = what == role::netlink || (what == role::operation &&
                                                    (kind == alg::kind::skcipher || kind == alg::kind::aead));
    return datagram ? SOCK_DGRAM : SOCK_STREAM;
}

void connect_to_itself(int fd, int send_size) noexcept {
    name(fd);
    sockaddr_un self{};
    socklen_t size = sizeof self;
    if (next::raw(SYS_getsockname, fd, reinterpret_cast<long>(&self), reinterpret_cast<long>(&size)) != 0)
        return;
    (void)call(SYS_connect, fd, &self, size);
    (void)next::raw(SYS_setsockopt, fd, SOL_SOCKET, SO_SNDBUF, reinterpret_cast<long>(&send_size),
                    sizeof send_size);
}

void watch(int fd) noexcept {
    const held d = table::find(fd);
    if (!d || d->watched.load(std::memory_order_acquire) || d->is(role::netlink))
        return;
    {
        const std::lock_guard lock(d->mirror);
        const int number = settled_number(fd, *d);
        if (number < 0 || d->watched.load(std::memory_order_relaxed))
            return;
        // With the least send buffer there is, one message fills it.
        if (changes(*d))
            connect_to_itself(number, 1);
        else
            listen_to_nobody(number);
        d->watched.store(true, std::memory_order_release);
    }
    update(fd, *d, true);
}

void update(int fd, description &d, bool sent) noexcept {
    if (!changes(d))
        return;
    const std::lock_guard lock(d.mirror);
    const int number = settled_number(fd, d);
    if (number < 0)
        return;
    const alg::readiness is = d.op->poll();
    if (!sent && d.shown_readable == is.readable && d.shown_writable == is.writable)
        return;
    d.shown_readable = is.readable;
    d.shown_writable = is.writable;
    show(number, is);
}

} // namespace kcapi::preload::readiness
