// SPDX-License-Identifier: BSD-3-Clause
//
// A progress bar on a terminal; nothing at all where stdout is none.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace example {

class progress {
  public:
    progress(std::string what, std::uint64_t total);
    /// Removes the bar.
    ~progress();
    progress(const progress &) = delete;
    progress &operator=(const progress &) = delete;

    /// Draws, but not more often than the eye can follow.
    void show(std::uint64_t done);

  private:
    const std::string what_;
    const std::uint64_t total_;
    const bool on_terminal_;
    std::chrono::steady_clock::time_point drawn_{};
};

} // namespace example
