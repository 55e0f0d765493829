// SPDX-License-Identifier: BSD-3-Clause
//
// What a reader gets, and from whom: data that come in while a reader sleeps go from the writer's buffer to
// the reader's in the writer's thread, through the cipher alone.
#include "capi/session.hpp"

#include <algorithm>
#include <cerrno>

namespace kcapi::capi {

namespace {

/// Whether writing the list would spoil `rest`, which is still to be read.
bool overlaps(base::iov_list list, base::bytes rest) noexcept {
    return std::any_of(list.begin(), list.end(), [&](const iovec &v) {
        const auto *const begin = static_cast<const std::uint8_t *>(v.iov_base);
        return !rest.empty() && begin < rest.data() + rest.size() && rest.data() < begin + v.iov_len;
    });
}

} // namespace

/// Whether a receive that failed so left the queue as it was: EINVAL is also the answer of the cipher, and
/// then its input is gone.
bool session::left_everything(int code, std::size_t room) const noexcept {
    if (code == EINVAL)
        return room < transform_->info().chunk_size && (unfinished_ || room < put_in_ - taken_out_);
    return code == EFAULT || code == ENOKEY;
}

/// What the reader of `room` bytes is told, for what the engine said.
result<std::size_t> session::received(const result<std::size_t> &r, std::size_t room) noexcept {
    if (!r) {
        if (r.error().code != EAGAIN && !left_everything(r.error().code, room))
            doubtful_ = true;
        return r;
    }
    // Linux 6.1 says 0 where later kernels say EINVAL; to a caller 0 is an ended message without data.
    if (*r == 0 && room != 0 && room < transform_->info().chunk_size && put_in_ != taken_out_)
        return error{EINVAL, "the buffers are below a block"};
    if (gives_whole_messages())
        put_in_ = taken_out_ = 0;
    else
        taken_out_ += *r;
    return r;
}

result<void> session::sleep_for_delivery(lock &held, delivery &mine) noexcept {
    if (reader_ == nullptr)
        reader_ = &mine;
    result<void> slept = sleep(held, changed_.current());
    if (reader_ == &mine)
        reader_ = nullptr;
    return slept;
}

/// Gives a sleeping reader what there is room for of data that a message goes on with. How much was taken; 0
/// also where there is no such reader, or something is queued before.
result<std::size_t> session::hand_over(alg::operation &op, base::iov_list data, bool more) {
    if (reader_ == nullptr || data.size() != 1 || !everything_collected() || gives_whole_messages() ||
        is_aead())
        return 0U;
    const std::size_t length = data[0].iov_len;
    const std::size_t room = base::total_length(reader_->out).value_or(0);
    std::size_t n = std::min(length, room);
    const bool is_all = n == length;
    if (!is_all || more)
        n -= n % transform_->info().chunk_size;
    const auto *const begin = static_cast<const std::uint8_t *>(data[0].iov_base);
    if (n == 0 || overlaps(reader_->out, {begin + n, length - n}))
        return 0U;
    const iovec head{data[0].iov_base, n};
    const bool goes_on = more || n != length;
    const result<std::size_t> taken =
        op.send({&head, 1}, nullptr, {.more = goes_on, .dont_wait = true, .borrowed = true});
    if (!taken)
        return 0U; // as it will say again when asked without a reader
    put_in_ += *taken;
    if (*taken == n)
        unfinished_ = goes_on;
    const result<std::size_t> given = op.receive(reader_->out, {.more = false, .dont_wait = true});
    if (given || given.error().code != EAGAIN)
        std::exchange(reader_, nullptr)->outcome = received(given, room);
    if (const result<void> kept = op.keep_borrowed(); !kept) {
        discard();
        return kept.error();
    }
    return taken;
}

} // namespace kcapi::capi
