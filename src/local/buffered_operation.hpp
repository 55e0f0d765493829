// SPDX-License-Identifier: BSD-3-Clause
//
// What the skcipher and aead operations of AF_ALG have in common: the queue between send and receive, the
// header, the flags MORE and READY, capacity, sleeping and waking. A kind adds when a pass may run and what
// it does.
//
// Threads: one mutex; a call that sleeps releases it. Sleepers are woken by every change, also in the cases
// where the kernel forgets to (no program can rely on a wake-up that does not come).
#pragma once

#include "alg/engine.hpp"
#include "base/call_mutex.hpp"
#include "base/event_count.hpp"
#include "local/byte_queue.hpp"

#include <mutex>

namespace kcapi::local {

class buffered_operation : public alg::operation {
  public:
    result<std::size_t> send(base::iov_list in, const alg::control *header, alg::call_flags flags) override;
    result<std::size_t> receive(base::iov_list out, alg::call_flags flags) override;
    result<void> keep_borrowed() override;
    void used_by_one() noexcept override { mutex_.give_up(); }
    alg::readiness poll() override;
    result<void> set_buffers(std::optional<int> send_bytes, std::optional<int> receive_bytes) override;

  protected:
    using lock = std::unique_lock<base::call_mutex>;

    /// ENOKEY while the transform has no key; from the first call after it has one, the operation counts as
    /// keyed.
    [[nodiscard]] virtual result<void> require_key() noexcept = 0;
    /// EINVAL for a header the algorithm cannot take.
    [[nodiscard]] virtual result<void> check_header(const alg::control &header) const noexcept = 0;
    virtual void apply_header(const alg::control &header) noexcept = 0;
    /// Whether a pass may run with what is queued now.
    [[nodiscard]] virtual bool input_ready() const noexcept = 0;
    /// How much a pass over all that is queued would write.
    [[nodiscard]] virtual std::size_t pending_output() const noexcept { return queue_.size(); }
    /// One pass over the queue into at most `room` bytes of `out`; called with the lock held and
    /// input_ready().
    [[nodiscard]] virtual result<std::size_t> pass(base::iov_cursor &out, std::size_t room) noexcept = 0;

    /// Takes `n` bytes off the queue; the message is over when a finished one is empty.
    void consume(std::size_t n) noexcept;
    /// Whether nothing is queued and no finished message waits to be collected.
    [[nodiscard]] bool idle() const noexcept { return queue_.empty(); }
    void reset_message() noexcept;
    [[nodiscard]] std::size_t receive_limit() const noexcept { return receive_limit_; }

    base::call_mutex mutex_;
    byte_queue queue_;
    bool more_ = false;
    bool ready_ = false;

  private:
    [[nodiscard]] std::size_t free_space() const noexcept;
    [[nodiscard]] bool writable() const noexcept { return free_space() >= byte_queue::page; }
    [[nodiscard]] result<std::size_t> take(base::iov_list in, std::size_t length, alg::call_flags flags,
                                           lock &held);
    [[nodiscard]] result<void> sleep(lock &held) noexcept;

    /// Wakes who sleeps in a call; if none can, that costs nothing.
    void notify() noexcept {
        if (mutex_.is_needed())
            changed_.notify_all();
    }

    base::event_count changed_;
    bool sender_sleeps_ = false;
    std::size_t send_limit_ = default_limit;
    std::size_t receive_limit_ = default_limit;

    static constexpr std::size_t default_limit = 212992;
};

} // namespace kcapi::local
