// SPDX-License-Identifier: BSD-3-Clause
//
// Runs a script on a backend. After each step all threads that the script started have finished or sleep
// again, so that a transcript does not depend on who was faster.
#pragma once

#include "oracle/backend.hpp"
#include "oracle/script.hpp"
#include "oracle/transcript.hpp"

#include <memory>

namespace kcapi::oracle {

/// A script that comes step by step.
class live_run {
  public:
    explicit live_run(backend &on);
    /// Closes what is open, interrupts who sleeps.
    ~live_run();

    /// How the step ended.
    std::string perform(const step &s);

  private:
    class implementation;
    std::unique_ptr<implementation> implementation_;
};

[[nodiscard]] transcript run_script(const script &s, backend &on);

/// How a result begins if a call slept that was not expected to. A signal then ended the sleep.
inline constexpr std::string_view unexpected_sleep = "asleep, then ";

} // namespace kcapi::oracle
