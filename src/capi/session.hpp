// SPDX-License-Identifier: BSD-3-Clause
//
// A handle's use of one operation, with the contract of libkcapi's manual rather than AF_ALG's: this is the
// one place where its callers are kept from what a raw AF_ALG client may meet, on either engine.
// - Sleeping is done here and never inside an engine: engines are only called with dont_wait, and under this
//   object's lock. So a reader sleeps only while there is nothing, a writer only while there is no room, and
//   a handle can be closed under a sleeper.
// - An unfinished message is marked so before its data go in (a short first send would otherwise end it).
// - What is left of a message that nobody collected does not reach the next one: its operation is discarded.
// - An aead message comes out whole or not at all: the engine is asked once, after the end of the message,
//   for exactly its output. AF_ALG would encrypt a prefix into a short buffer, and be stuck with a message
//   that lacks its associated data or tag. A message that nobody began is refused: it would run under a
//   used IV.
//
// Threads: any number may update and collect at once. The bytes of one update stay together. A signal handler
// without SA_RESTART ends a sleep with EINTR.
#pragma once

#include "alg/engine.hpp"
#include "base/event_count.hpp"
#include "base/mutex.hpp"

#include <mutex>

namespace kcapi::capi {

class session {
  public:
    explicit session(std::shared_ptr<alg::transform> t) noexcept : transform_(std::move(t)) {}
    ~session() { close(); }
    session(const session &) = delete;
    session &operator=(const session &) = delete;

    [[nodiscard]] alg::transform &transform() const noexcept { return *transform_; }
    [[nodiscard]] const std::shared_ptr<alg::transform> &shared_transform() const noexcept {
        return transform_;
    }

    /// One complete message. EINVAL while another one is under way on the handle.
    [[nodiscard]] result<std::size_t> crypt(const alg::request &message) {
        const std::lock_guard held(mutex_);
        if (!is_idle()) [[unlikely]]
            if (const result<void> r = make_idle(); !r)
                return r.error();
        unfinished_ = false;
        return operation_->crypt(message);
    }
    /// Complete and independent messages; each gets its outcome. EINVAL as for crypt.
    [[nodiscard]] result<void> submit(std::span<alg::request> messages);

    /// Begins a message; `first` goes in with the header. Without an IV the chained one goes on. `tag_size`
    /// (aead) is what was set on the transform; 0 is the kernel's default, the algorithm's largest.
    [[nodiscard]] result<std::size_t> start(const alg::control &header, base::iov_list first,
                                            std::uint32_t tag_size = 0);
    /// Puts data in; `more` false ends the message. Bytes taken. Sleeps while there is no room; for aead
    /// nothing could make room then, so that is EMSGSIZE and the message is discarded.
    /// `borrowed`: they stay as they are until they were collected.
    [[nodiscard]] result<std::size_t> update(base::iov_list data, bool more, bool borrowed = false);
    /// Takes what there is; sleeps only while there is nothing: for aead until the message has ended. Without
    /// `wait` that is EAGAIN.
    [[nodiscard]] result<std::size_t> collect(base::iov_list out, bool wait = true);

    /// Makes this session, which nobody else knows yet, go on with a copy of what `from` has under way
    /// (hash).
    [[nodiscard]] result<void> copy_state(session &from);

    // Of hash, in session_hash.cpp. Nothing here sleeps.
    /// Puts data into a message, which begins with the first of them. A message that an update failed on is
    /// lost: what else is asked of it fails alike, until its digest was asked for.
    [[nodiscard]] result<void> hash_update(base::bytes data);
    /// The digest of the message, or of the empty one if none was begun, cut to `out`.
    [[nodiscard]] result<std::size_t> hash_finish(base::mutable_bytes out);
    /// The digest of the message begun with `data` at its end, or of `data` alone.
    [[nodiscard]] result<std::size_t> hash_digest(base::bytes data, base::mutable_bytes out);

    /// rng: additional data for the output that is taken next. Bytes taken.
    [[nodiscard]] result<std::size_t> add(base::bytes data);

    /// Ends all sleeping calls with ECANCELED and waits until they have left. No call may follow; one that
    /// was just about to begin gets ECANCELED too.
    void close() noexcept;

  private:
    using lock = std::unique_lock<base::mutex>;
    class presence;
    class turn;

    /// Sees to it that there is one, for a call that keeps the lock while it uses operation_.
    [[nodiscard]] result<void> have_operation() {
        if (operation_ != nullptr) [[likely]]
            return {};
        return open_operation();
    }
    [[nodiscard]] result<void> open_operation();
    void adopt(std::unique_ptr<alg::operation> op) noexcept;
    [[nodiscard]] bool is_idle() const noexcept {
        return operation_ != nullptr && !doubtful_ && !sending_ && !message_.begun && put_in_ == taken_out_;
    }
    [[nodiscard]] result<void> make_idle();
    [[nodiscard]] result<void> sleep(lock &held, std::uint32_t seen) noexcept;
    [[nodiscard]] result<void> wait_for_turn(lock &held) noexcept;
    [[nodiscard]] result<std::size_t> send_all(lock &held, alg::operation &op, base::iov_list data,
                                               const alg::control *header, alg::call_flags flags);
    [[nodiscard]] result<std::size_t> send_rest(lock &held, alg::operation &op, base::iov_list data,
                                                std::size_t done, alg::call_flags flags);
    [[nodiscard]] bool everything_collected() const noexcept { return !doubtful_ && put_in_ == taken_out_; }

    // Of readers, in session_delivery.cpp.
    /// A reader that sleeps, in the frame of its call; what it gets if another thread serves it.
    struct delivery {
        base::iov_list out;
        std::optional<result<std::size_t>> outcome;
    };
    [[nodiscard]] bool left_everything(int code, std::size_t room) const noexcept;
    [[nodiscard]] result<std::size_t> received(const result<std::size_t> &r, std::size_t room) noexcept;
    [[nodiscard]] result<void> sleep_for_delivery(lock &held, delivery &mine) noexcept;
    [[nodiscard]] result<std::size_t> hand_over(alg::operation &op, base::iov_list data, bool more);

    void discard() noexcept;

    // Of aead, in session_aead.cpp, and the first of it also of hash.
    struct message_state {
        bool begun = false; ///< and not collected
        bool decrypts = false;
        std::size_t assoc_len = 0;
        std::size_t tag_size = 0;
    };
    [[nodiscard]] bool is_aead() const noexcept { return transform_->info().type == alg::kind::aead; }
    /// Whether one receive collects a message, whatever the lengths.
    [[nodiscard]] bool gives_whole_messages() const noexcept {
        const alg::kind type = transform_->info().type;
        return type == alg::kind::akcipher || type == alg::kind::kpp;
    }
    [[nodiscard]] bool has_ended() const noexcept { return message_.begun && !unfinished_; }
    void begin_message(const alg::control &header, std::uint32_t tag_size) noexcept;
    [[nodiscard]] result<void> limit_message(alg::operation &op);
    [[nodiscard]] result<void> wait_for_end(lock &held, bool wait);
    [[nodiscard]] std::optional<std::size_t> output_size() const noexcept;
    [[nodiscard]] result<std::size_t> collect_aead(lock &held, base::iov_list out, bool wait);

    // Of hash, with the lock held.
    [[nodiscard]] result<void> hash_put(base::bytes data);
    [[nodiscard]] result<std::size_t> hash_take(base::mutable_bytes out);

    const std::shared_ptr<alg::transform> transform_;
    base::mutex mutex_;
    base::event_count changed_;
    std::unique_ptr<alg::operation> operation_;
    std::uint64_t put_in_ = 0;
    std::uint64_t taken_out_ = 0;
    delivery *reader_ = nullptr; ///< of the readers asleep one that waits for data
    std::size_t calls_ = 0;      ///< inside update, start or collect now
    bool unfinished_ = false;    ///< the operation was told that the message goes on
    bool doubtful_ = false;      ///< after an error: the counts may not tell what is queued
    bool sending_ = false;       ///< an update is under way
    bool closing_ = false;
    message_state message_;
    int lost_ = 0; ///< hash: why the message begun has no digest any more
};

} // namespace kcapi::capi
