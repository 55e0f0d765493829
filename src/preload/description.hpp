// SPDX-License-Identifier: BSD-3-Clause
//
// What stands behind a descriptor that this library serves: the kernel's "open file description". Descriptors
// made by dup name the same one. The descriptor itself is a real socket, so that its number, its flags,
// fstat, poll and limits are the kernel's; only what is sent and received never reaches it.
//
// The memory of a description is never given back, only used again: whoever finds one through the table may
// touch its count, and learns from it whether it is still there.
#pragma once

#include "alg/engine.hpp"

#include <sys/single_threaded.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <atomic>
#include <deque>
#include <mutex>
#include <vector>

namespace kcapi::preload {

/// transform and operation as in the seam; netlink: a NETLINK_CRYPTO socket.
enum class role : std::uint8_t { transform, operation, netlink };

class description {
  public:
    description() = default;
    description(const description &) = delete;
    description &operator=(const description &) = delete;

    /// A description with one reference; null without memory.
    [[nodiscard]] static description *make(role what) noexcept;

    // With one thread the count needs no bus lock: a handler in between leaves it as it found it.

    /// Adds a reference unless there is none left. Safe in a signal handler.
    [[nodiscard]] bool hold() noexcept {
        std::uint32_t n = references_.load(std::memory_order_relaxed);
        if (__libc_single_threaded) {
            if (n == 0)
                return false;
            references_.store(n + 1, std::memory_order_relaxed);
            return true;
        }
        while (n != 0)
            if (references_.compare_exchange_weak(n, n + 1, std::memory_order_acquire,
                                                  std::memory_order_relaxed))
                return true;
        return false;
    }
    void release() noexcept {
        if (__libc_single_threaded) {
            const std::uint32_t n = references_.load(std::memory_order_relaxed) - 1;
            references_.store(n, std::memory_order_relaxed);
            if (n != 0)
                return;
        } else if (references_.fetch_sub(1, std::memory_order_acq_rel) != 1) {
            return;
        }
        dispose();
    }

    /// Makes its locks anew, in a process with a single thread that holds none.
    void unlock() noexcept;
    /// The list of unused descriptions, held still over a fork.
    static void lock_pool() noexcept;
    static void unlock_pool() noexcept;

    [[nodiscard]] role what() const noexcept { return what_; }
    [[nodiscard]] bool is(role r) const noexcept { return what_ == r; }

    /// Which socket of the kernel belongs to it.
    dev_t device = 0;
    ino_t inode = 0;
    std::atomic<bool> nonblocking{false};

    /// What poll would say is kept in the socket from the first time on that somebody may ask. See
    /// readiness.hpp.
    std::atomic<bool> watched{false};
    std::mutex mirror; ///< also held by a close of ours while it gives the number back
    bool shown_readable = false;
    bool shown_writable = false;

    /// SO_SNDBUF and SO_RCVBUF as read back.
    std::atomic<int> send_size{default_size};
    std::atomic<int> receive_size{default_size};

    // role::transform
    std::mutex setting; ///< bind, setsockopt and accept against each other
    std::shared_ptr<alg::transform> bound;
    std::atomic<std::uint32_t> operations{0}; ///< of it, with and without key

    // role::operation
    alg::kind kind = alg::kind::skcipher;
    std::uint32_t digest_size = 0;
    std::unique_ptr<alg::operation> op;
    description *parent = nullptr; ///< the transform, referenced and counted in its operations

    // role::netlink
    std::atomic<std::uint32_t> port{0};
    std::deque<std::vector<std::uint8_t>> answers; ///< that wait for room in the socket; under `setting`
    std::atomic<bool> bare_errors{false};

    static constexpr int default_size = 212992;

  private:
    void dispose() noexcept;

    std::atomic<std::uint32_t> references_{0};
    role what_ = role::transform;
    description *next_free_ = nullptr;
};

/// A reference that goes when it goes out of scope.
class held {
  public:
    held() noexcept = default;
    explicit held(description *d) noexcept : d_(d) {}
    ~held() {
        if (d_ != nullptr)
            d_->release();
    }
    held(held &&other) noexcept : d_(std::exchange(other.d_, nullptr)) {}
    held &operator=(held &&other) noexcept {
        std::swap(d_, other.d_);
        return *this;
    }
    held(const held &) = delete;
    held &operator=(const held &) = delete;

    explicit operator bool() const noexcept { return d_ != nullptr; }
    description &operator*() const noexcept { return *d_; }
    description *operator->() const noexcept { return d_; }
    [[nodiscard]] description *get() const noexcept { return d_; }
    [[nodiscard]] description *take() noexcept { return std::exchange(d_, nullptr); }

  private:
    description *d_ = nullptr;
};

} // namespace kcapi::preload
