// SPDX-License-Identifier: BSD-3-Clause
#include "preload/readiness.hpp"
#include "preload/serving.hpp"

#include "base/event_count.hpp"

namespace kcapi::preload {

thread_local presence::work presence::here;
thread_local bool presence::observed = false;

bool presence::blocks_anything() noexcept { return here.at != nullptr && !base::event_count::sleeps_here(); }

void presence::observe() noexcept {
    observed = true;
    const auto show = [](void *) {
        if (here.fd >= 0 && here.at->watched.load(std::memory_order_acquire))
            readiness::update(here.fd, *here.at, true);
    };
    (void)base::event_count::observe_here({show, nullptr});
}

} // namespace kcapi::preload
