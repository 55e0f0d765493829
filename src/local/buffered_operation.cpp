// SPDX-License-Identifier: BSD-3-Clause
#include "local/buffered_operation.hpp"

#include "local/iov_checks.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

/// net.core.wmem_max and rmem_max, and the least that SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF leave.
constexpr int buffer_max = 212992;
constexpr int send_min = 4608;
constexpr int receive_min = 2304;
/// The kernel takes at most this many pages before it looks at the free space again.
constexpr std::size_t pages_per_step = 126;

/// What SO_SNDBUF or SO_RCVBUF make of a value: doubled, bounded, then whole pages and at least one.
std::size_t effective_limit(int value, int least) noexcept {
    const int bounded = value < 0 ? buffer_max : std::min(value, buffer_max);
    const int doubled = std::max(2 * bounded, least);
    return std::max(static_cast<std::size_t>(doubled) / byte_queue::page * byte_queue::page,
                    byte_queue::page);
}

} // namespace

std::size_t buffered_operation::free_space() const noexcept {
    return queue_.size() >= send_limit_ ? 0 : send_limit_ - queue_.size();
}

result<void> buffered_operation::sleep(lock &held) noexcept {
    const std::uint32_t seen = changed_.current();
    held.unlock();
    result<void> r = changed_.wait(seen);
    held.lock();
    return r;
}

void buffered_operation::consume(std::size_t n) noexcept {
    queue_.consume(n);
    if (queue_.empty())
        ready_ = more_;
    notify();
}

void buffered_operation::reset_message() noexcept {
    more_ = false;
    ready_ = false;
}

result<std::size_t> buffered_operation::send(base::iov_list in, const alg::control *header,
                                             alg::call_flags flags) {
    const result<std::size_t> length = checked_length(in);
    if (!length)
        return length.error();
    lock held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (header != nullptr)
        if (const result<void> r = check_header(*header); !r)
            return r.error();
    if (sender_sleeps_)
        return error{EBUSY, "send: another thread waits to send"};
    if (ready_ && !more_ && !queue_.empty())
        return error{EINVAL, "send: the finished message is not collected"};

    ready_ = true;
    if (header != nullptr)
        apply_header(*header);
    const result<std::size_t> taken = take(in, *length, flags, held);
    // A short send leaves MORE as it was.
    if (taken && *taken == *length)
        more_ = flags.more;
    notify();
    return taken;
}

result<std::size_t> buffered_operation::take(base::iov_list in, std::size_t length, alg::call_flags flags,
                                             lock &held) {
    const std::size_t reach = reachable_before_fault(in).value_or(length);
    base::iov_cursor from(in);
    std::size_t taken = 0;
    error stopped;
    if (flags.borrowed && length != 0 && in.size() == 1 && queue_.empty() && reach == length) {
        taken = std::min(length, free_space());
        queue_.lend({static_cast<const std::uint8_t *>(in[0].iov_base), taken});
        from.advance(taken);
    }
    while (taken < length) {
        std::size_t step = length - taken;
        if (const std::size_t offset = queue_.page_offset(); offset != 0) {
            // The last page is filled up even when there is no space by the count of bytes.
            step = std::min(step, byte_queue::page - offset);
        } else if (writable()) {
            step = std::min({step, free_space(), pages_per_step * byte_queue::page});
        } else if (flags.dont_wait) {
            stopped = {EAGAIN, "send"};
            break;
        } else {
            notify();
            sender_sleeps_ = true;
            const result<void> r = sleep(held);
            sender_sleeps_ = false;
            if (!r) {
                stopped = {r.error().code, "send"};
                break;
            }
            continue;
        }
        if (reach < length) {
            // The kernel copies page by page, and a page that cannot be filled is none.
            step = std::min(step, byte_queue::page);
            if (taken + step > reach) {
                stopped = {EFAULT, "send"};
                break;
            }
        }
        if (const result<void> r = queue_.append(from, step); !r) {
            stopped = r.error();
            break;
        }
        taken += step;
    }
    if (taken == 0 && stopped.code != 0)
        return stopped;
    return taken;
}

result<std::size_t> buffered_operation::receive(base::iov_list out, alg::call_flags flags) {
    const result<std::size_t> room = checked_length(out);
    if (!room)
        return room.error();
    lock held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    const std::size_t reach = reachable_before_fault(out).value_or(*room);
    base::iov_cursor to(out);
    std::size_t done = 0;
    error stopped;
    while (done < *room) {
        while (!input_ready() && stopped.code == 0) {
            if (flags.dont_wait)
                stopped = {EAGAIN, "receive"};
            else if (const result<void> r = sleep(held); !r)
                stopped = {r.error().code, "receive"};
        }
        if (stopped.code != 0)
            break;
        if (reach < *room && done + std::min(*room - done, pending_output()) > reach) {
            stopped = {EFAULT, "receive"};
            break;
        }
        const result<std::size_t> produced = pass(to, *room - done);
        if (!produced) {
            stopped = produced.error();
            break;
        }
        if (*produced == 0)
            break;
        done += *produced;
    }
    // A message that is not authentic is never passed over in silence, whatever came before it.
    if (stopped.code != 0 && (done == 0 || stopped.code == EBADMSG))
        return stopped;
    return done;
}

result<void> buffered_operation::keep_borrowed() {
    const lock held(mutex_);
    result<void> r = queue_.keep();
    if (!r)
        consume(queue_.size());
    return r;
}

alg::readiness buffered_operation::poll() {
    const lock held(mutex_);
    return {.readable = !more_ || !queue_.empty(), .writable = writable()};
}

result<void> buffered_operation::set_buffers(std::optional<int> send_bytes,
                                             std::optional<int> receive_bytes) {
    const lock held(mutex_);
    if (send_bytes)
        send_limit_ = effective_limit(*send_bytes, send_min);
    if (receive_bytes)
        receive_limit_ = effective_limit(*receive_bytes, receive_min);
    notify();
    return {};
}

} // namespace kcapi::local
