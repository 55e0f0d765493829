// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/afalg.hpp"
#include "base/log.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace kcapi::afalg {

namespace {

/// No mode has an IV near this. A longer one is refused here, by the number the kernel would give for its
/// size.
constexpr std::size_t max_iv = 4096;
/// What the pipe is enlarged to: a splice then carries 32 pages at a time.
constexpr std::size_t pipe_size = 131072;

/// The control data of one message: operation, IV, associated-data length, in this order. Wiped when done
/// with.
class control_block {
  public:
    control_block() noexcept = default;
    ~control_block() { base::wipe(fixed_.data(), used_ < fixed_.size() ? used_ : fixed_.size()); }
    control_block(const control_block &) = delete;
    control_block &operator=(const control_block &) = delete;

    [[nodiscard]] result<void> build(const alg::control &header) noexcept {
        const std::size_t iv_size = header.iv ? header.iv->size() : 0;
        if (iv_size > max_iv)
            return error{EINVAL, "ALG_SET_IV"};
        const std::size_t size =
            2 * CMSG_SPACE(sizeof(std::uint32_t)) + CMSG_SPACE(sizeof(std::uint32_t) + iv_size);
        if (size > fixed_.size()) {
            result<base::secret_buffer> large = base::secret_buffer::make(size);
            if (!large)
                return large.error();
            large_ = std::move(*large);
            to_ = large_.data();
        }
        put(uapi::set_op, static_cast<std::uint32_t>(header.op), {});
        if (header.iv)
            put(uapi::set_iv, static_cast<std::uint32_t>(iv_size), *header.iv);
        if (header.assoc_len != 0)
            put(uapi::set_aead_assoclen, header.assoc_len, {});
        return {};
    }

    void attach(msghdr &message) noexcept {
        message.msg_control = to_;
        message.msg_controllen = used_;
    }

  private:
    void put(int type, std::uint32_t word, base::bytes more) noexcept {
        cmsghdr head{};
        head.cmsg_len = CMSG_LEN(sizeof word + more.size());
        head.cmsg_level = uapi::sol_alg;
        head.cmsg_type = type;
        std::uint8_t *at = to_ + used_;
        std::memcpy(at, &head, sizeof head);
        std::memcpy(at + CMSG_LEN(0), &word, sizeof word);
        if (!more.empty())
            std::memcpy(at + CMSG_LEN(sizeof word), more.data(), more.size());
        used_ += CMSG_SPACE(sizeof word + more.size());
    }

    alignas(cmsghdr) std::array<std::uint8_t, 192> fixed_{};
    base::secret_buffer large_;
    std::uint8_t *to_ = fixed_.data();
    std::size_t used_ = 0;
};

msghdr message_of(base::iov_list list) noexcept {
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(list.data());
    message.msg_iovlen = list.size();
    return message;
}

} // namespace

result<std::size_t> send_message(int fd, base::iov_list in, const alg::control *header, int flags) {
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

result<std::size_t> receive_message(int fd, base::iov_list out, int flags) noexcept {
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
