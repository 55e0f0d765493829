// SPDX-License-Identifier: BSD-3-Clause
//
// A thread that makes one call at a time while somebody else watches whether it works, sleeps or has
// finished. Sleeping is read from the thread's state in /proc: seen without a break for long enough, it is no
// passing wait for a lock.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace kcapi::oracle {

enum class settled : std::uint8_t { finished, asleep };

class worker {
  public:
    worker();
    /// Interrupts what still runs.
    ~worker();
    worker(const worker &) = delete;
    worker &operator=(const worker &) = delete;

    void begin(std::function<void()> task);
    /// Waits until the task has finished or sleeps.
    [[nodiscard]] settled settle();
    /// Sends signals until the task has finished; gives the process up if it does not.
    void interrupt();

  private:
    void run();
    [[nodiscard]] bool finished_within(std::chrono::milliseconds time);
    [[nodiscard]] bool is_asleep() const;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> task_;
    bool working_ = false;
    bool ending_ = false;
    std::string state_file_;
    std::thread thread_;
};

} // namespace kcapi::oracle
