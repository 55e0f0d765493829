// SPDX-License-Identifier: BSD-3-Clause
//
// A thread that makes one call, of which a test can tell that it sleeps, and which it can disturb.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <thread>

namespace kcapi::test {

class watched_thread {
  public:
    explicit watched_thread(std::function<ssize_t()> call);
    ~watched_thread();
    watched_thread(const watched_thread &) = delete;
    watched_thread &operator=(const watched_thread &) = delete;

    /// Waits until the call sleeps. False, and a test failure, if it ends or never does.
    bool wait_until_asleep();
    [[nodiscard]] bool has_ended() const { return ended_.load(); }
    /// Waits for the end; what the call returned.
    ssize_t result();
    /// Sends the signal to this thread.
    void signal(int number);

  private:
    [[nodiscard]] bool sleeps_now() const;

    std::atomic<pid_t> id_{0};
    std::atomic<bool> ended_{false};
    ssize_t result_ = 0;
    std::thread thread_;
};

/// While it lives, `number` is handled by a function that only counts; with or without SA_RESTART.
class counting_handler {
  public:
    counting_handler(int number, bool restart);
    ~counting_handler();
    counting_handler(const counting_handler &) = delete;
    counting_handler &operator=(const counting_handler &) = delete;
    [[nodiscard]] static int count();

  private:
    const int number_;
};

} // namespace kcapi::test
