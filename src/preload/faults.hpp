// SPDX-License-Identifier: BSD-3-Clause
//
// Two functions that touch a byte of a program's memory, and the signal handler that turns a fault in them,
// and in them alone, into an answer. Every other fault is the program's: its own action for the signal, which
// sigaction() keeps here once the handler is in place, gets it as if nothing were between.
#pragma once

#include <signal.h>

#include <cstdint>

#ifdef __x86_64__
#define KCAPI_FAULTS_BY_SIGNAL 1

extern "C" {
[[gnu::visibility("hidden")]] int kcapi_preload_touch_reads(std::uintptr_t at);
[[gnu::visibility("hidden")]] int kcapi_preload_touch_writes(std::uintptr_t at);
}
#endif

namespace kcapi::preload {

#ifdef KCAPI_FAULTS_BY_SIGNAL
[[nodiscard]] inline bool touch_reads(std::uintptr_t at) noexcept {
    return kcapi_preload_touch_reads(at) != 0;
}
[[nodiscard]] inline bool touch_writes(std::uintptr_t at) noexcept {
    return kcapi_preload_touch_writes(at) != 0;
}
#endif

/// Puts the handler in place, once. Called before the first descriptor of ours exists.
void catch_faults() noexcept;

/// sigaction() for a signal that the handler owns: the program's action is noted and given back, the handler
/// stays. False: not one of them, or the handler is not in place.
[[nodiscard]] bool keeps_action(int number) noexcept;
[[nodiscard]] int exchange_action(int number, const struct sigaction *now, struct sigaction *before) noexcept;

/// The set without the signals that a touch needs: a blocked one would end the process.
[[nodiscard]] sigset_t without_faults(const sigset_t &set) noexcept;
[[nodiscard]] bool catches_faults() noexcept;

} // namespace kcapi::preload
