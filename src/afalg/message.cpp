// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/afalg.hpp"
#include "afalg/control.hpp"
#include "base/log.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace kcapi::afalg {

namespace {

/// What the pipe is enlarged to: a splice then carries 32 pages at a time.
constexpr std::size_t pipe_size = 131072;

} // namespace

result<std::size_t> send_list(int fd, base::iov_list in, const alg::control *header, int flags) {
    if (in.size() > max_elements)
        return error{EMSGSIZE, "sendmsg"};
    msghdr message = message_of(in);
    control_block control;
    if (header != nullptr) {
        if (const result<void> r = control.build(*header); !r)
            return r.error();
        control.attach(message);
    }
    return base::sys::sendmsg(fd, message, flags);
}

result<std::size_t> receive_list(int fd, base::iov_list out, int flags) noexcept {
    if (out.size() > max_elements)
        return error{EMSGSIZE, "recvmsg"};
    msghdr message = message_of(out);
    return base::sys::recvmsg(fd, message, flags);
}

base::iov_list iov_slicer::slice(std::size_t size) noexcept {
    // Most lists are used up whole, or in pieces of one element: those need no copy.
    if (offset_ == 0) {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < list_.size() && sum < size; ++i) {
            sum += list_[i].iov_len;
            if (sum == size)
                return list_.first(i + 1);
        }
    }
    std::size_t count = 0;
    std::size_t offset = offset_;
    for (const iovec &v : list_) {
        if (size == 0)
            break;
        const std::size_t n = std::min(v.iov_len - offset, size);
        if (n != 0)
            window_[count++] = {static_cast<std::uint8_t *>(v.iov_base) + offset, n};
        size -= n;
        offset = 0;
    }
    return {window_.data(), count};
}

void iov_slicer::advance(std::size_t size) noexcept {
    while (!list_.empty() && size >= list_.front().iov_len - offset_) {
        size -= list_.front().iov_len - offset_;
        list_ = list_.subspan(1);
        offset_ = 0;
    }
    offset_ += list_.empty() ? 0 : size;
}

void iov_slicer::put(base::bytes from) noexcept {
    base::iov_cursor to(slice(from.size()));
    (void)to.put(from);
    advance(from.size());
}

result<std::size_t> feeder::feed(int fd, base::iov_list piece, bool more, bool by_splice) {
    if (by_splice && can_splice()) {
        const result<std::size_t> moved = through_pipe(fd, piece, more);
        if (moved)
            return moved;
        // Nothing has moved. A filter in the way stays there; anything else may be different next time.
        const int code = moved.error().code;
        if (code == EPERM || code == ENOSYS)
            refused_.store(true, std::memory_order_relaxed);
        base::log(base::log_level::verbose, "kernel: %s gave errno %d: using sendmsg", moved.error().where,
                  code);
    }
    const result<std::size_t> sent = send_message(fd, piece, nullptr, MSG_DONTWAIT | (more ? MSG_MORE : 0));
    if (sent && *sent == 0)
        return error{EIO, "sendmsg"};
    return sent;
}

result<void> feeder::open_pipe() noexcept {
    result<base::sys::pipe_pair> made = base::sys::pipe();
    if (!made)
        return made.error();
    pipe_ = std::move(*made);
    const result<std::size_t> size = base::sys::set_pipe_size(pipe_.write_end.get(), pipe_size);
    if (!size)
        base::log(base::log_level::verbose, "kernel: the pipe stays small: errno %d", size.error().code);
    return {};
}

result<std::size_t> feeder::through_pipe(int fd, base::iov_list piece, bool more) noexcept {
    if (!pipe_.write_end.is_open())
        if (const result<void> r = open_pipe(); !r)
            return r.error();
    // The pipe is empty here, always: so this takes something without waiting.
    const result<std::size_t> filled = base::sys::vmsplice(pipe_.write_end.get(), piece, SPLICE_F_NONBLOCK);
    if (!filled)
        return filled.error();
    const bool goes_on = more || *filled < base::total_length(piece).value_or(0);
    const unsigned flags = SPLICE_F_NONBLOCK | (goes_on ? SPLICE_F_MORE : 0);
    std::size_t moved = 0;
    error failure{EIO, "splice"};
    while (moved < *filled) {
        const result<std::size_t> n = base::sys::splice(pipe_.read_end.get(), fd, *filled - moved, flags);
        if (!n || *n == 0) {
            if (!n)
                failure = n.error();
            // What is left in the pipe must not come before the next message.
            pipe_ = {};
            break;
        }
        moved += *n;
    }
    if (moved == 0)
        return failure;
    return moved;
}

} // namespace kcapi::afalg
