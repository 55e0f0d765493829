// SPDX-License-Identifier: BSD-3-Clause
#include "local/message_operation.hpp"

#include "local/iov_checks.hpp"

#include <cerrno>

namespace kcapi::local {

namespace {

constexpr std::size_t max_message = 16384;
constexpr std::size_t first_capacity = 512;

/// The length of a list whose buffers will all be used.
result<std::size_t> usable_length(base::iov_list list) noexcept {
    result<std::size_t> length = checked_length(list);
    if (length && has_null(list))
        return error{EFAULT, "NULL buffer with a length"};
    return length;
}

} // namespace

result<void> message_operation::check_header(const alg::control &header) const noexcept {
    if (!takes(header.op))
        return error{EINVAL, "operation code"};
    if (header.iv && !header.iv->empty())
        return error{EINVAL, "IV size"};
    return {};
}

void message_operation::forget() noexcept {
    base::wipe(message_.span().first(length_));
    length_ = 0;
    begun_ = more_ = false;
    changed_.notify_all();
}

result<void> message_operation::append(base::iov_list in, std::size_t length) noexcept {
    if (length > max_message - length_)
        return error{EMSGSIZE, "send: longer than any message"};
    if (length_ + length > message_.size()) {
        const std::size_t wanted = std::max({first_capacity, length_ + length, 2 * message_.size()});
        result<base::secret_buffer> larger = base::secret_buffer::make(std::min(wanted, max_message));
        if (!larger)
            return larger.error();
        std::copy_n(message_.data(), length_, larger->data());
        message_ = std::move(*larger);
    }
    (void)base::iov_cursor(in).take(message_.span().subspan(length_, length));
    length_ += length;
    return {};
}

result<std::size_t> message_operation::send(base::iov_list in, const alg::control *header,
                                            alg::call_flags flags) {
    const result<std::size_t> length = usable_length(in);
    if (!length)
        return length;
    const lock held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (header != nullptr)
        if (const result<void> r = check_header(*header); !r)
            return r.error();
    if (complete())
        return error{EINVAL, "send: the finished message is not collected"};
    if (const result<void> r = append(in, *length); !r)
        return r.error();
    if (header != nullptr)
        op_ = header->op;
    begun_ = true;
    more_ = flags.more;
    changed_.notify_all();
    return length;
}

/// Computes into memory of its own, so that a buffer too small gets nothing; `waits` says that this is why.
result<std::size_t> message_operation::produce(base::bytes in, base::iov_list out, bool &waits) {
    waits = false;
    result<base::secret_buffer> made = base::secret_buffer::make(output_size());
    if (!made)
        return made.error();
    std::size_t produced = 0;
    if (const int code = process(op_, in, made->span(), produced); code != 0)
        return error{code, "operation"};
    if (base::total_length(out) < produced) {
        waits = true;
        return error{EINVAL, "the output does not fit into the buffers"};
    }
    (void)base::iov_cursor(out).put(made->view().first(produced));
    return produced;
}

result<std::size_t> message_operation::receive(base::iov_list out, alg::call_flags flags) {
    const result<std::size_t> room = usable_length(out);
    if (!room)
        return room;
    lock held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (*room == 0)
        return 0U;
    while (!complete()) {
        if (flags.dont_wait)
            return error{EAGAIN, "receive"};
        const std::uint32_t seen = changed_.current();
        held.unlock();
        const result<void> slept = changed_.wait(seen);
        held.lock();
        if (!slept)
            return slept.error();
    }
    bool waits = false;
    result<std::size_t> r = produce(message_.view().first(length_), out, waits);
    if (!waits)
        forget();
    return r;
}

result<std::size_t> message_operation::crypt(const alg::request &message) {
    const result<std::size_t> length = usable_length(message.in);
    if (!length)
        return length;
    if (const result<std::size_t> room = usable_length(message.out); !room)
        return room;
    const lock held(mutex_);
    if (const result<void> r = require_key(); !r)
        return r.error();
    if (begun_ && length_ != 0)
        return error{EINVAL, "crypt: the operation is not idle"};
    if (message.header != nullptr) {
        if (const result<void> r = check_header(*message.header); !r)
            return r.error();
        op_ = message.header->op;
    }
    if (*length > max_message)
        return error{EINVAL, "crypt: longer than any message"};
    if (const result<void> r = append(message.in, *length); !r)
        return r.error();
    bool waits = false;
    result<std::size_t> r = produce(message_.view().first(length_), message.out, waits);
    forget();
    return r;
}

alg::readiness message_operation::poll() {
    const lock held(mutex_);
    return {.readable = complete(), .writable = !complete()};
}

} // namespace kcapi::local
