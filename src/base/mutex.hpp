// SPDX-License-Identifier: BSD-3-Clause
//
// A lock of one word for what every call takes and hardly anybody waits for: taking and giving it back are
// one instruction each in the caller, where std::mutex is two calls into libc of some thirty instructions.
// With std::lock_guard and std::unique_lock, as any mutex. Not recursive.
#pragma once

#include <atomic>
#include <cstdint>

namespace kcapi::base {

class mutex {
  public:
    constexpr mutex() noexcept = default;
    mutex(const mutex &) = delete;
    mutex &operator=(const mutex &) = delete;

    void lock() noexcept {
        std::uint32_t expected = unlocked;
        if (!word_.compare_exchange_strong(expected, locked, std::memory_order_acquire,
                                           std::memory_order_relaxed)) [[unlikely]]
            wait();
    }
    [[nodiscard]] bool try_lock() noexcept {
        std::uint32_t expected = unlocked;
        return word_.compare_exchange_strong(expected, locked, std::memory_order_acquire,
                                             std::memory_order_relaxed);
    }
    /// The word is not touched any more once another thread can have it.
    void unlock() noexcept {
        if (word_.exchange(unlocked, std::memory_order_release) == contended) [[unlikely]]
            wake();
    }

  private:
    static constexpr std::uint32_t unlocked = 0;
    static constexpr std::uint32_t locked = 1;
    static constexpr std::uint32_t contended = 2; ///< and somebody may sleep

    [[gnu::cold]] void wait() noexcept;
    [[gnu::cold]] void wake() noexcept;

    std::atomic<std::uint32_t> word_{unlocked};
};

} // namespace kcapi::base
