// SPDX-License-Identifier: BSD-3-Clause
//
// Sleeping until something changed, with the manners of a blocking system call: a signal handler without
// SA_RESTART ends the sleep with EINTR (std::condition_variable would go on sleeping). Usage: read current()
// under the lock that guards the condition, find the condition false, release the lock, wait(). A notify in
// between is not lost.
#pragma once

#include <kcapi/result.hpp>

#include <atomic>
#include <cstdint>

namespace kcapi::base {

class event_count {
  public:
    [[nodiscard]] std::uint32_t current() const noexcept { return count_.load(std::memory_order_seq_cst); }
    /// Sleeps while the count is `seen`. May return early; EINTR.
    [[nodiscard]] result<void> wait(std::uint32_t seen) noexcept;
    /// Costs a system call only if somebody sleeps.
    void notify_all() noexcept;

    /// Whether this thread is inside a wait(): a signal handler that asks runs in the middle of one.
    [[nodiscard]] static bool sleeps_here() noexcept;
    /// Called by each wait() of this thread before it sleeps; null: nothing. Returns what was set before.
    using observer = void (*)(void *context);
    struct observation {
        observer function = nullptr;
        void *context = nullptr;
    };
    static observation observe_here(observation next) noexcept;

  private:
    std::atomic<std::uint32_t> count_{0};
    std::atomic<std::uint32_t> sleepers_{0};
};

} // namespace kcapi::base
