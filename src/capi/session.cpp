// SPDX-License-Identifier: BSD-3-Clause
#include "capi/session.hpp"

#include <array>
#include <cerrno>

namespace kcapi::capi {

namespace {

error cancelled() noexcept { return {ECANCELED, "the handle was destroyed by another thread"}; }

constexpr std::size_t max_iov = 1024;
/// Fits into any idle operation in one piece, so that header and data can go together.
constexpr std::size_t small_first_data = 65536;

/// The length of a list that may be sent or received.
result<std::size_t> checked_length(base::iov_list list) noexcept {
    if (list.size() > max_iov)
        return error{EMSGSIZE, "too many iovecs"};
    const std::optional<std::size_t> length = base::total_length(list);
    if (!length)
        return error{EINVAL, "iovec lengths"};
    return *length;
}

} // namespace

/// Counts a call in and out, also if the call ends by bad_alloc. close() waits for the count, so leaving must
/// be the last thing done under the lock.
class session::presence {
  public:
    presence(session &s, lock &held) noexcept : session_(s), held_(held) { ++session_.calls_; }
    ~presence() {
        if (!held_.owns_lock())
            held_.lock();
        --session_.calls_;
        if (session_.closing_)
            session_.changed_.notify_all();
    }
    presence(const presence &) = delete;
    presence &operator=(const presence &) = delete;

  private:
    session &session_;
    lock &held_;
};

/// The right to send, given back at the end however the call ends.
class session::turn {
  public:
    explicit turn(session &s) noexcept : session_(s) { session_.sending_ = true; }
    ~turn() {
        session_.sending_ = false;
        session_.changed_.notify_all();
    }
    turn(const turn &) = delete;
    turn &operator=(const turn &) = delete;

  private:
    session &session_;
};

result<void> session::open_operation() {
    result<std::unique_ptr<alg::operation>> opened = transform_->accept();
    if (!opened)
        return opened.error();
    if (is_aead())
        if (const result<void> r = limit_message(**opened); !r)
            return r;
    adopt(std::move(*opened));
    put_in_ = taken_out_ = 0;
    unfinished_ = doubtful_ = false;
    return {};
}

void session::adopt(std::unique_ptr<alg::operation> op) noexcept {
    operation_ = std::move(op);
    operation_->used_by_one();
}

result<void> session::sleep(lock &held, std::uint32_t seen) noexcept {
    // Nobody wakes who comes to sleep after that.
    if (closing_)
        return cancelled();
    held.unlock();
    result<void> r = changed_.wait(seen);
    held.lock();
    if (closing_)
        return cancelled();
    return r;
}

result<void> session::wait_for_turn(lock &held) noexcept {
    if (closing_)
        return cancelled();
    while (sending_)
        if (result<void> r = sleep(held, changed_.current()); !r)
            return r;
    return {};
}

/// For complete messages: nothing may be under way.
result<void> session::make_idle() {
    // What a failed message left is not waited for.
    if (doubtful_ && !sending_)
        discard();
    if (const result<void> r = have_operation(); !r)
        return r;
    if (!is_idle())
        return error{EINVAL, "a message on this handle is under way"};
    return {};
}

result<void> session::submit(std::span<alg::request> messages) {
    const std::lock_guard held(mutex_);
    if (!is_idle())
        if (const result<void> r = make_idle(); !r)
            return r;
    unfinished_ = false;
    operation_->submit(messages);
    return {};
}

result<std::size_t> session::add(base::bytes data) {
    const lock held(mutex_);
    if (const result<void> r = have_operation(); !r)
        return r.error();
    const iovec from = base::to_iovec(data);
    return operation_->send({&from, 1}, nullptr, {.more = true, .dont_wait = true});
}

/// Drops the operation with all that is queued on it; the next message gets a new one.
void session::discard() noexcept {
    operation_.reset();
    put_in_ = taken_out_ = 0;
    unfinished_ = doubtful_ = false;
    message_ = {};
}

result<std::size_t> session::start(const alg::control &header, base::iov_list first, std::uint32_t tag_size) {
    // Before anything is discarded for it.
    if (const result<std::size_t> length = checked_length(first); !length)
        return length;
    lock held(mutex_);
    const presence here(*this, held);
    if (const result<void> r = wait_for_turn(held); !r)
        return r.error();
    const turn mine(*this);
    if (!everything_collected())
        discard();
    result<std::size_t> r = 0U;
    if (const result<void> made = have_operation(); made)
        r = send_all(held, *operation_, first, &header, {.more = true, .dont_wait = true});
    else
        r = made.error();
    if (r && is_aead())
        begin_message(header, tag_size);
    return r;
}

result<std::size_t> session::update(base::iov_list data, bool more, bool borrowed) {
    lock held(mutex_);
    const presence here(*this, held);
    if (const result<void> r = wait_for_turn(held); !r)
        return r.error();
    const turn mine(*this);
    result<std::size_t> r = 0U;
    if (is_aead() && (!message_.begun || has_ended()))
        r = error{EINVAL, "aead: no message was begun, or it has ended"};
    else if (const result<void> made = have_operation(); made)
        r = send_all(held, *operation_, data, nullptr,
                     {.more = more, .dont_wait = true, .borrowed = borrowed});
    else
        r = made.error();
    return r;
}

/// Sends header and data as parts of one message, sleeping for room. The caller has its turn.
result<std::size_t> session::send_all(lock &held, alg::operation &op, base::iov_list data,
                                      const alg::control *header, alg::call_flags flags) {
    const result<std::size_t> length = checked_length(data);
    if (!length)
        return length;
    const bool together = header != nullptr && *length <= small_first_data;
    if (!together && (header != nullptr || !unfinished_)) {
        // A header alone, or nothing, with the word that more follows.
        const result<std::size_t> r = op.send({}, header, {.more = true, .dont_wait = true});
        if (!r)
            return r;
        unfinished_ = true;
    }
    std::size_t done = 0;
    if (header == nullptr) {
        const result<std::size_t> given = hand_over(op, data, flags.more);
        if (!given || (*given != 0 && *given == *length))
            return given;
        done = *given;
    }
    if (done == 0) {
        const result<std::size_t> first = op.send(data, together ? header : nullptr, flags);
        if (!first && first.error().code != EAGAIN)
            return first;
        done = first ? *first : 0;
        put_in_ += done;
        if (first && done == *length) {
            unfinished_ = flags.more;
            return done;
        }
    }
    unfinished_ = true;
    // A reader may be asleep already, and only it can make room.
    changed_.notify_all();
    return send_rest(held, op, data, done, flags);
}

result<std::size_t> session::send_rest(lock &held, alg::operation &op, base::iov_list data, std::size_t done,
                                       alg::call_flags flags) {
    std::array<iovec, max_iov> rest;
    for (;;) {
        // What is left, as a list of its own: the caller's is not ours to change.
        std::size_t skip = done;
        std::size_t n = 0;
        for (const iovec &v : data) {
            const std::size_t used = std::min(skip, v.iov_len);
            skip -= used;
            if (used < v.iov_len)
                rest[n++] = {static_cast<std::uint8_t *>(v.iov_base) + used, v.iov_len - used};
        }
        const std::uint32_t seen = changed_.current();
        const result<std::size_t> r = op.send({rest.data(), n}, nullptr, flags);
        if (r) {
            done += *r;
            put_in_ += *r;
            changed_.notify_all();
            if (*r == base::total_length({rest.data(), n})) {
                unfinished_ = flags.more;
                return done;
            }
            continue;
        }
        error stopped = r.error();
        if (is_aead()) {
            discard();
            return stopped.code == EAGAIN ? error{EMSGSIZE, "aead: the message is too long"} : stopped;
        }
        if (stopped.code == EAGAIN) {
            const result<void> slept = sleep(held, seen);
            if (slept)
                continue;
            stopped = slept.error();
        }
        if (done != 0 && stopped.code != ECANCELED)
            return done;
        return stopped;
    }
}

result<std::size_t> session::collect(base::iov_list out, bool wait) {
    lock held(mutex_);
    const presence here(*this, held);
    if (is_aead())
        return collect_aead(held, out, wait);
    const result<std::size_t> room = checked_length(out);
    if (!room)
        return room;
    for (;;) {
        if (const result<void> made = have_operation(); !made)
            return made.error();
        const result<std::size_t> r = operation_->receive(out, {.more = false, .dont_wait = true});
        if (r || r.error().code != EAGAIN) {
            const result<std::size_t> told = received(r, *room);
            changed_.notify_all();
            return told;
        }
        if (!wait)
            return r;
        delivery mine{.out = out, .outcome = std::nullopt};
        const result<void> slept = sleep_for_delivery(held, mine);
        if (mine.outcome)
            return *mine.outcome;
        if (!slept)
            return slept.error();
    }
}

result<void> session::copy_state(session &from) {
    const lock held(from.mutex_);
    message_ = from.message_;
    lost_ = from.lost_;
    if (from.operation_ == nullptr)
        return {};
    result<std::unique_ptr<alg::operation>> copy = from.operation_->clone();
    if (!copy)
        return copy.error();
    adopt(std::move(*copy));
    put_in_ = from.put_in_;
    taken_out_ = from.taken_out_;
    unfinished_ = from.unfinished_;
    doubtful_ = from.doubtful_;
    return {};
}

void session::close() noexcept {
    lock held(mutex_);
    closing_ = true;
    changed_.notify_all();
    while (calls_ != 0) {
        const std::uint32_t seen = changed_.current();
        held.unlock();
        (void)changed_.wait(seen);
        held.lock();
    }
}

} // namespace kcapi::capi
