// SPDX-License-Identifier: BSD-3-Clause
//
// The calls that send.
#include "preload/memory.hpp"
#include "preload/message.hpp"
#include "preload/next.hpp"
#include "preload/serving.hpp"

#include <pthread.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kcapi::preload {

namespace {

/// A flag of the kernel's own.
constexpr int splice_pages = 0x8000000;
/// net.core.optmem_max.
constexpr std::size_t most_control = 131072;
constexpr socklen_t longest_address = 128;

/// The program's control data in memory that it cannot change meanwhile.
class control_copy {
  public:
    control_copy() = default;
    ~control_copy() { std::free(large_); }
    control_copy(const control_copy &) = delete;
    control_copy &operator=(const control_copy &) = delete;

    [[nodiscard]] long copy(const void *from, std::size_t size) noexcept {
        if (size == 0)
            return 0;
        std::uint8_t *to = few_.data();
        if (size > few_.size()) {
            if (size > most_control)
                return -ENOBUFS;
            to = large_ = static_cast<std::uint8_t *>(std::malloc(size));
            if (to == nullptr)
                return -ENOBUFS;
        }
        if (readable(from, size) != size)
            return -EFAULT;
        std::memcpy(to, from, size);
        view_ = {to, size};
        return 0;
    }
    [[nodiscard]] base::bytes view() const noexcept { return view_; }

  private:
    std::array<std::uint8_t, 256> few_;
    std::uint8_t *large_ = nullptr;
    base::bytes view_;
};

/// Where to is nothing that AF_ALG reads, but the socket layer copies it.
long check_address(const void *address, socklen_t size) noexcept {
    if (address == nullptr || size == 0)
        return 0;
    if (size > longest_address)
        return -EINVAL;
    return readable(address, size) == size ? 0 : -EFAULT;
}

long send_list(int fd, description &d, const iovec *list, std::size_t count, base::bytes control, int flags) {
    const buffers from(list, count, access::read);
    if (from.error() != 0)
        return -from.error();
    return send_message(fd, d, from.list(), control, flags);
}

long send_msg(int fd, description &d, const msghdr *message, int flags, trace::details &said) {
    if (!can_read(message))
        return -EFAULT;
    const msghdr m = *message;
    said.set(", %zu buffers, %zu control bytes, 0x%x", static_cast<std::size_t>(m.msg_iovlen),
             static_cast<std::size_t>(m.msg_controllen), static_cast<unsigned>(flags));
    if ((flags & splice_pages) != 0 || m.msg_namelen > INT32_MAX)
        return -EINVAL;
    if (m.msg_iovlen > buffers::max_count)
        return -EMSGSIZE;
    if (const long r = check_address(m.msg_name, std::min(m.msg_namelen, longest_address)); r != 0)
        return r;
    control_copy control;
    if (m.msg_controllen > INT32_MAX)
        return -ENOBUFS;
    if (const long r = control.copy(m.msg_control, m.msg_controllen); r != 0)
        return r;
    return send_list(fd, d, m.msg_iov, m.msg_iovlen, control.view(), flags);
}

long send_several(int fd, description &d, mmsghdr *messages, unsigned count, int flags,
                  trace::details &said) {
    count = std::min<unsigned>(count, buffers::max_count);
    for (unsigned i = 0; i < count; ++i) {
        if (!can_write(&messages[i]))
            return i != 0 ? static_cast<long>(i) : -EFAULT;
        const long r = send_msg(fd, d, &messages[i].msg_hdr, flags, said);
        if (r < 0)
            return i != 0 ? static_cast<long>(i) : r;
        messages[i].msg_len = static_cast<unsigned>(r);
    }
    return count;
}

long write_list(int fd, description &d, const iovec *list, int count) {
    if (count < 0 || static_cast<std::size_t>(count) > buffers::max_count)
        return -EINVAL;
    return send_list(fd, d, list, static_cast<std::size_t>(count), {}, 0);
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(ssize_t, send, int fd, const void *data, std::size_t size, int flags) {
    if (!table::has(fd)) [[likely]]
        return next::send(fd, data, size, flags);
    ::pthread_testcancel();
    return served(
        "send", fd,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes, 0x%x", size, static_cast<unsigned>(flags));
            return send_bytes(fd, d, data, size, flags);
        },
        [&]() -> long { return next::send(fd, data, size, flags); });
}

KCAPI_EXPORT(ssize_t, sendto, int fd, const void *data, std::size_t size, int flags, const sockaddr *to,
             socklen_t to_size) {
    const auto pass = [&]() -> long { return next::sendto(fd, data, size, flags, to, to_size); };
    if (!table::has(fd)) [[likely]]
        return pass();
    ::pthread_testcancel();
    return served(
        "sendto", fd,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes, 0x%x", size, static_cast<unsigned>(flags));
            const long bad = check_address(to, to_size);
            return bad != 0 ? bad : send_bytes(fd, d, data, size, flags);
        },
        pass);
}

KCAPI_EXPORT(ssize_t, sendmsg, int fd, const msghdr *message, int flags) {
    if (!table::has(fd)) [[likely]]
        return next::sendmsg(fd, message, flags);
    ::pthread_testcancel();
    return served(
        "sendmsg", fd,
        [&](description &d, trace::details &said) { return send_msg(fd, d, message, flags, said); },
        [&]() -> long { return next::sendmsg(fd, message, flags); });
}

KCAPI_EXPORT(int, sendmmsg, int fd, mmsghdr *messages, unsigned count, int flags) {
    const auto pass = [&]() -> long { return next::sendmmsg(fd, messages, count, flags); };
    if (!table::has(fd)) [[likely]]
        return static_cast<int>(pass());
    ::pthread_testcancel();
    return static_cast<int>(served(
        "sendmmsg", fd,
        [&](description &d, trace::details &said) {
            return send_several(fd, d, messages, count, flags, said);
        },
        pass));
}

KCAPI_EXPORT(ssize_t, write, int fd, const void *data, std::size_t size) {
    if (!table::has(fd)) [[likely]]
        return next::write(fd, data, size);
    ::pthread_testcancel();
    return served(
        "write", fd,
        [&](description &d, trace::details &said) {
            said.set(", %zu bytes", size);
            return size > PTRDIFF_MAX ? -EINVAL : send_bytes(fd, d, data, size, 0);
        },
        [&]() -> long { return next::write(fd, data, size); });
}

KCAPI_EXPORT(ssize_t, writev, int fd, const iovec *list, int count) {
    if (!table::has(fd)) [[likely]]
        return next::writev(fd, list, count);
    ::pthread_testcancel();
    return served(
        "writev", fd,
        [&](description &d, trace::details &said) {
            said.set(", %d buffers", count);
            return write_list(fd, d, list, count);
        },
        [&]() -> long { return next::writev(fd, list, count); });
}

KCAPI_EXPORT_ALIAS("__write", "write");
KCAPI_EXPORT_ALIAS("__send", "send");
