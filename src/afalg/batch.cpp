// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/batch.hpp"

#include "afalg/state.hpp"
#include "base/log.hpp"

#include <cerrno>
#include <deque>

namespace kcapi::afalg {

namespace {

/// What a receive of a whole message says about it.
result<std::size_t> outcome_of(long received, const batch_item &item, const char *where) noexcept {
    if (received < 0)
        return error{static_cast<int>(-received), where};
    if (static_cast<std::size_t>(received) != item.output)
        return error{EIO, where};
    return item.output;
}

/// Output buffers cut to what the message yields: a receive for more would be one for the next message too.
class exact_list {
  public:
    exact_list(base::iov_list list, std::size_t size) {
        for (const iovec &v : list) {
            const std::size_t n = std::min(v.iov_len, size);
            if (n != 0)
                parts_.push_back({v.iov_base, n});
            size -= n;
        }
    }
    [[nodiscard]] base::iov_list view() const &noexcept { return parts_; }
    [[nodiscard]] base::iov_list view() const && = delete;

  private:
    std::vector<iovec> parts_;
};

/// Opens what is not open yet or was opened by the parent process, unless the system has refused it before.
template <class Facility>
Facility *opened(std::optional<Facility> &facility, std::atomic<bool> &refused) noexcept {
    if (facility && facility->made_here())
        return &*facility;
    facility.reset();
    if (refused.load(std::memory_order_relaxed))
        return nullptr;
    result<Facility> made = Facility::open();
    if (!made) {
        const int code = made.error().code;
        // Short of something now is not "never".
        if (code != ENOMEM && code != EMFILE && code != ENFILE && code != EAGAIN)
            refused.store(true, std::memory_order_relaxed);
        base::log(base::log_level::verbose, "kernel: %s gave errno %d: batches go another way",
                  made.error().where, code);
        return nullptr;
    }
    facility.emplace(std::move(*made));
    return &*facility;
}

/// What an aead message wrote before it failed may be unverified plaintext.
void wipe_failed(const batch_item &item, alg::kind type) noexcept {
    if (type != alg::kind::aead || item.message->outcome || item.message->outcome.error().code == EFAULT)
        return;
    const exact_list written(item.message->out, item.output);
    for (const iovec &v : written.view())
        base::wipe(v.iov_base, v.iov_len);
}

} // namespace

base::call_ring *batcher::ring() noexcept { return opened(ring_, parent_.state->ring_refused); }
base::read_queue *batcher::queue() noexcept { return opened(queue_, parent_.state->queue_refused); }

batcher::progress batcher::run(int op, std::size_t room, std::span<batch_item> items) {
    items = items.first(std::min(items.size(), most));
    base::call_ring *const r = ring();
    if (const std::size_t n = joint(items, room); n > 1)
        return jointly(r, op, items.first(n));
    if (r != nullptr) {
        const progress p = by_ring(*r, op, items);
        if (p.done != 0)
            return p;
    }
    if (base::read_queue *const q = queue())
        return by_queue(*q, op, items);
    return {};
}

batcher::progress batcher::by_ring(base::call_ring &ring, int op, std::span<batch_item> items) {
    struct slot {
        control_block control;
        msghdr input{};
        msghdr output{};
        exact_list to;
        slot(const batch_item &item)
            : input(message_of(item.message->in)), to(item.message->out, item.output) {
            output = message_of(to.view());
        }
    };
    std::deque<slot> slots;
    std::vector<base::message_call> calls;
    calls.reserve(2 * items.size());
    for (const batch_item &item : items) {
        slot &s = slots.emplace_back(item);
        if (const alg::control *const header = item.message->header) {
            if (!s.control.build(*header)) {
                slots.pop_back();
                break;
            }
            s.control.attach(s.input);
        }
        calls.push_back({base::message_call::kind::send, op, &s.input, MSG_DONTWAIT, 0});
        calls.push_back({base::message_call::kind::receive, op, &s.output, MSG_DONTWAIT, 0});
    }
    if (calls.empty() || !ring.run(calls))
        return {};
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const int sent = calls[2 * i].outcome;
        const int received = calls[2 * i + 1].outcome;
        result<std::size_t> &outcome = items[i].message->outcome;
        if (sent < 0)
            outcome = error{-sent, "sendmsg"};
        else if (static_cast<std::size_t>(sent) != items[i].input)
            outcome = error{EMSGSIZE, "sendmsg"};
        else
            outcome = outcome_of(received, items[i], "recvmsg");
        if (!outcome) {
            wipe_failed(items[i], parent_.info.type);
            return {i + 1, op_state::unclear};
        }
    }
    return {slots.size(), op_state::idle};
}

batcher::progress batcher::by_queue(base::read_queue &queue, int op, std::span<batch_item> items) {
    while (ops_.size() + 1 < items.size()) {
        result<base::unique_fd> fd = base::sys::accept(parent_.fd.get());
        if (!fd)
            break;
        ops_.push_back(std::move(*fd));
    }
    items = items.first(std::min(items.size(), ops_.size() + 1));
    // The operation's own op takes the last message, so that its state is that of messages one by one.
    std::vector<exact_list> lists;
    std::vector<base::read_call> reads;
    lists.reserve(items.size());
    reads.reserve(items.size());
    std::size_t begun = 0;
    for (batch_item &item : items) {
        const int fd = begun + 1 == items.size() ? op : ops_[begun].get();
        const result<std::size_t> sent =
            send_message(fd, item.message->in, item.message->header, MSG_DONTWAIT);
        ++begun;
        if (!sent || *sent != item.input) {
            item.message->outcome = sent ? error{EMSGSIZE, "sendmsg"} : sent.error();
            break;
        }
        lists.emplace_back(item.message->out, item.output);
        reads.push_back({fd, lists.back().view(), 0});
    }
    const bool all_sent = reads.size() == begun;
    const result<void> ran = queue.run(reads);
    bool own_is_sound = all_sent || begun < items.size();
    for (std::size_t i = 0; i < reads.size(); ++i) {
        // Where the queue failed the messages lie in their ops: one receive each brings them.
        result<std::size_t> outcome = ran ? outcome_of(reads[i].outcome, items[i], "io_submit")
                                          : receive_message(reads[i].fd, reads[i].to, MSG_DONTWAIT);
        if (outcome && *outcome != items[i].output)
            outcome = error{EIO, "recvmsg"};
        items[i].message->outcome = outcome;
        wipe_failed(items[i], parent_.info.type);
        if (!outcome && reads[i].fd == op)
            own_is_sound = false;
    }
    // An op whose message failed may hold a rest of it.
    for (std::size_t i = begun; i-- > 0;)
        if (!items[i].message->outcome && i + 1 != items.size())
            ops_.erase(ops_.begin() + static_cast<std::ptrdiff_t>(i));
    return {begun, own_is_sound ? op_state::idle : op_state::unclear};
}

} // namespace kcapi::afalg
