// SPDX-License-Identifier: BSD-3-Clause
//
// Messages of a cipher that share a queue:
//
//   send     header 1, the data of all messages, more follows
//   receive  message 1
//   send     header 2, no data                            the IV of what is queued from here on
//   receive  message 2 ...
//   send     header n, no data, nothing follows
//   receive  message n
//
// A receive of part of the queue is one pass of the cipher, in whole chunks; what a message yields is what it
// would yield alone.
#include "afalg/batch.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

namespace kcapi::afalg {

namespace {

/// The calls for a group of messages, in their order. Not movable: they point into it.
class script {
  public:
    script(int op, std::span<const batch_item> items) : op_(op) {
        calls_.reserve(2 * items.size());
        messages_.reserve(2 * items.size());
        outputs_.reserve(items.size());
        data_.reserve(items.size());
        std::size_t headers = 0;
        for (const batch_item &item : items) {
            data_.insert(data_.end(), item.message->in.begin(), item.message->in.end());
            headers += is_another(item.message->header);
        }
        controls_ = std::make_unique_for_overwrite<control_block[]>(headers);
        next_control_ = controls_.get();
        last_header_ = nullptr;
        for (const batch_item &item : items) {
            const bool last = &item == &items.back();
            if (!add_header(item, last ? 0 : MSG_MORE))
                return;
            outputs_.push_back({item.message->out.front().iov_base, item.output});
            add(base::message_call::kind::receive, {&outputs_.back(), 1}, 0);
        }
        is_complete_ = true;
    }
    script(const script &) = delete;
    script &operator=(const script &) = delete;

    /// False: a header could not be built.
    [[nodiscard]] bool is_complete() const noexcept { return is_complete_; }
    [[nodiscard]] std::span<base::message_call> calls() noexcept { return calls_; }
    [[nodiscard]] int header_outcome(std::size_t i) const noexcept { return calls_[2 * i].outcome; }
    [[nodiscard]] int receive_outcome(std::size_t i) const noexcept { return calls_[2 * i + 1].outcome; }

  private:
    /// Messages of one call mostly share their header.
    bool is_another(const alg::control *header) noexcept {
        return header != std::exchange(last_header_, header);
    }
    bool add_header(const batch_item &item, int flags) {
        if (is_another(item.message->header))
            if (!(next_control_++)->build(*item.message->header))
                return false;
        add(base::message_call::kind::send, calls_.empty() ? base::iov_list(data_) : base::iov_list(), flags);
        next_control_[-1].attach(messages_.back());
        return true;
    }
    void add(base::message_call::kind what, base::iov_list list, int flags) {
        messages_.push_back(message_of(list));
        calls_.push_back({what, op_, &messages_.back(), flags | MSG_DONTWAIT, -ECANCELED});
    }

    const int op_;
    std::vector<iovec> data_;
    std::vector<iovec> outputs_;
    std::unique_ptr<control_block[]> controls_;
    control_block *next_control_ = nullptr;
    const alg::control *last_header_ = nullptr;
    std::vector<msghdr> messages_;
    std::vector<base::message_call> calls_;
    bool is_complete_ = false;
};

/// One call after the other, until one fails.
void make_in_turn(std::span<base::message_call> calls) noexcept {
    for (base::message_call &c : calls) {
        const result<std::size_t> r = c.what == base::message_call::kind::send
                                          ? base::sys::sendmsg(c.fd, *c.message, c.flags)
                                          : base::sys::receive(c.fd, *c.message->msg_iov, c.flags);
        c.outcome = r ? static_cast<int>(*r) : -r.error().code;
        if (!r)
            return;
    }
}

/// What the calls say of a message.
result<std::size_t> outcome_of(const batch_item &item, int header, int received) noexcept {
    if (header < 0)
        return error{-header, "sendmsg"};
    if (received < 0)
        return error{-received, "recvmsg"};
    if (static_cast<std::size_t>(received) != item.output)
        return error{EIO, "recvmsg"};
    return item.output;
}

} // namespace

/// How many of the first items can share a queue: it holds them all, and each but the last is of whole
/// chunks.
std::size_t batcher::joint(std::span<const batch_item> items, std::size_t room) const noexcept {
    // The list of pages of which a part has gone before is more than some drivers of devices understand.
    if (parent_.info.type != alg::kind::skcipher || parent_.info.hardware)
        return 0;
    const std::size_t chunk = std::max<std::size_t>(parent_.info.chunk_size, 1);
    const std::size_t page = base::sys::page_size();
    std::size_t sum = 0;
    std::size_t n = 0;
    for (const batch_item &item : items) {
        sum += item.input;
        if (sum + page > room || item.message->out.size() != 1)
            break;
        ++n;
        if (item.input % chunk != 0)
            break;
    }
    return n;
}

batcher::progress batcher::jointly(base::call_ring *ring, int op, std::span<batch_item> items) {
    script s(op, items);
    if (!s.is_complete())
        return {};
    if (ring == nullptr || !ring->run(s.calls()))
        make_in_turn(s.calls());
    // Nothing was queued: whose fault that is shows when they go alone.
    if (s.header_outcome(0) < 0)
        return {0, op_state::unclear};
    std::size_t done = 0;
    while (done < items.size()) {
        items[done].message->outcome =
            outcome_of(items[done], s.header_outcome(done), s.receive_outcome(done));
        if (!items[done++].message->outcome)
            break;
    }
    if (items[done - 1].message->outcome)
        return {done, op_state::idle};
    // What was received after a message came short is not that of its own message. What was not received has
    // written nothing, also where input and output are one buffer, and goes again.
    for (; done < items.size() && s.receive_outcome(done) != -ECANCELED; ++done)
        items[done].message->outcome = error{EIO, "recvmsg"};
    return {done, op_state::unfinished};
}

} // namespace kcapi::afalg
