// SPDX-License-Identifier: BSD-3-Clause
#include "base/event_count.hpp"

#include "base/sys.hpp"

namespace kcapi::base {

result<void> event_count::wait(std::uint32_t seen) noexcept {
    // The order of the two words matters: a notifier first counts, then looks for sleepers.
    sleepers_.fetch_add(1, std::memory_order_seq_cst);
    result<void> r = sys::futex_wait(count_, seen);
    sleepers_.fetch_sub(1, std::memory_order_seq_cst);
    return r;
}

void event_count::notify_all() noexcept {
    count_.fetch_add(1, std::memory_order_seq_cst);
    if (sleepers_.load(std::memory_order_seq_cst) != 0)
        sys::futex_wake_all(count_);
}

} // namespace kcapi::base
