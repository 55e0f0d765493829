// SPDX-License-Identifier: BSD-3-Clause
#include "base/event_count.hpp"

#include "base/sys.hpp"

#include <utility>

namespace kcapi::base {

namespace {

struct sleeper {
    bool sleeps = false;
    event_count::observation watched_by;
};

sleeper &here() noexcept {
    static thread_local sleeper s;
    return s;
}

} // namespace

bool event_count::sleeps_here() noexcept { return here().sleeps; }

event_count::observation event_count::observe_here(observation next) noexcept {
    return std::exchange(here().watched_by, next);
}

result<void> event_count::wait(std::uint32_t seen) noexcept {
    // The order of the two words matters: a notifier first counts, then looks for sleepers.
    sleeper &me = here();
    if (me.watched_by.function != nullptr)
        me.watched_by.function(me.watched_by.context);
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    const bool slept = std::exchange(me.sleeps, true);
    result<void> r = sys::futex_wait(count_, seen);
    me.sleeps = slept;
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
    return r;
}

void event_count::notify_all() noexcept {
    count_.fetch_add(1, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) != 0)
        sys::futex_wake_all(count_);
}

} // namespace kcapi::base
