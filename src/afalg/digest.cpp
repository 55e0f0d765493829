// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/straight.hpp"

#include <cerrno>

namespace kcapi::afalg {

namespace {

/// More than a sendmsg takes (MAX_RW_COUNT, a page below 2 GiB) would come short and yet end the message.
constexpr std::size_t longest_piece = std::size_t{1} << 30;

result<void> send_piece(int fd, base::iov_list piece, std::size_t size, bool more) {
    const result<std::size_t> sent = send_message(fd, piece, nullptr, MSG_DONTWAIT | (more ? MSG_MORE : 0));
    if (!sent)
        return sent.error();
    if (*sent != size)
        return error{EIO, "sendmsg"};
    return {};
}

result<void> send_all(int fd, base::iov_list message, std::size_t size) {
    if (size <= longest_piece)
        return send_piece(fd, message, size, false);
    iov_slicer rest(message);
    while (size != 0) {
        const std::size_t n = std::min(size, longest_piece);
        if (const result<void> r = send_piece(fd, rest.slice(n), n, n != size); !r)
            return r;
        rest.advance(n);
        size -= n;
    }
    return {};
}

/// A part of the digest is what a shorter buffer gets; the kernel drops the rest.
result<std::size_t> take_digest(int fd, base::iov_list out, std::size_t output) {
    result<std::size_t> got = receive_message(fd, out, MSG_DONTWAIT);
    if (got && *got != output)
        return error{EIO, "recvmsg"};
    return got;
}

} // namespace

result<std::size_t> run_digest(job &j) {
    if (const result<void> r = send_all(j.fd, j.message.in, j.size.input); !r)
        return r.error();
    return take_digest(j.fd, j.message.out, j.size.output);
}

result<std::size_t> run_straight_digest(int fd, const alg::request &message, std::size_t output) {
    const iovec &from = message.in.front();
    const result<std::size_t> sent = base::sys::send(fd, from, MSG_DONTWAIT);
    if (!sent)
        return sent;
    if (*sent != from.iov_len)
        return error{EIO, "sendmsg"};
    return take_digest(fd, message.out, output);
}

} // namespace kcapi::afalg
