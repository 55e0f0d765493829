// SPDX-License-Identifier: BSD-3-Clause
#include "base/mutex.hpp"

#include "base/sys.hpp"

namespace kcapi::base {

/// Whoever gets it here cannot know whether others sleep, and so leaves it as contended.
void mutex::wait() noexcept {
    while (word_.exchange(contended, std::memory_order_acquire) != unlocked)
        // A signal, or a word that has changed already, only means to look again.
        (void)sys::futex_wait(word_, contended);
}

void mutex::wake() noexcept { sys::futex_wake_one(word_); }

} // namespace kcapi::base
