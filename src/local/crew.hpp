// SPDX-License-Identifier: BSD-3-Clause
//
// The threads that help with a long message: a few for the whole process, started when the first long message
// comes, asleep between messages. One message has them at a time; another one meanwhile goes without. A child
// of fork has none until it needs them itself. They block all signals, and nothing has to be done with them
// at exit.
#pragma once

#include "base/event_count.hpp"

#include <cstddef>
#include <mutex>

namespace kcapi::local {

class crew {
  public:
    static constexpr std::size_t most = 8;

    /// The one of this process.
    [[nodiscard]] static crew &shared() noexcept;
    /// How many threads may work on a message from now on, the caller's own among them; 0: as many as there
    /// are processors for this process, by affinity and by the quota of its control group. At most `most`.
    static void set_limit(std::size_t threads) noexcept;
    /// What the limit comes to; 1 means that nobody helps.
    [[nodiscard]] static std::size_t strength() noexcept;

    /// Runs task(context, 0) to task(context, count - 1), each once, on the caller's thread and the helpers',
    /// and returns when all are done. False, and nothing was run, if the helpers are busy or there are none.
    [[nodiscard]] bool run(std::size_t count, void (*task)(void *, std::size_t) noexcept,
                           void *context) noexcept;

    crew() = default;
    crew(const crew &) = delete;
    crew &operator=(const crew &) = delete;

  private:
    [[nodiscard]] bool start() noexcept;
    void help() noexcept;
    [[nodiscard]] bool do_next(std::unique_lock<std::mutex> &held) noexcept;
    static void *helper(void *self) noexcept;

    std::mutex busy_; ///< held by the message that has the helpers
    std::mutex mutex_;
    base::event_count work_;
    base::event_count done_;
    std::size_t helpers_ = 0;
    void (*task_)(void *, std::size_t) noexcept = nullptr;
    void *context_ = nullptr;
    std::size_t count_ = 0;
    std::size_t next_ = 0;
    std::size_t left_ = 0;
};

} // namespace kcapi::local
