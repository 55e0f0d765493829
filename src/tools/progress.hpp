// SPDX-License-Identifier: BSD-3-Clause
//
// One line on stderr that says how far long work is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace kcapi::tools {

enum class progress_mode : std::uint8_t { automatic, always, never };
enum class progress_unit : std::uint8_t { bytes, tests };

class progress {
  public:
    /// By automatic it is shown on a terminal only, and only for work that takes longer than a second.
    /// `total` 0: unknown.
    progress(std::string what, std::uint64_t total, progress_mode mode,
             progress_unit unit = progress_unit::bytes);
    ~progress();
    progress(const progress &) = delete;
    progress &operator=(const progress &) = delete;

    void add(std::uint64_t amount);
    /// hide makes room for other output on the terminal; the next add shows the line again.
    void hide();

  private:
    using clock = std::chrono::steady_clock;
    void draw(clock::time_point now);
    [[nodiscard]] std::string amounts(double seconds) const;

    std::string what_;
    std::uint64_t total_;
    std::uint64_t done_ = 0;
    progress_unit unit_;
    bool on_;
    bool drawn_ = false;
    clock::time_point begun_ = clock::now();
    clock::time_point next_;
};

} // namespace kcapi::tools
