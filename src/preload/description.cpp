// SPDX-License-Identifier: BSD-3-Clause
#include "preload/description.hpp"

#include <new>

namespace kcapi::preload {

namespace {

// Taken when a socket is made or goes, never by a send or receive.
std::mutex pool;
description *free_list = nullptr;

} // namespace

description *description::make(role what) noexcept {
    description *d = nullptr;
    {
        const std::lock_guard lock(pool);
        d = free_list;
        if (d != nullptr)
            free_list = d->next_free_;
    }
    if (d == nullptr)
        d = new (std::nothrow) description;
    if (d == nullptr)
        return nullptr;
    d->what_ = what;
    d->nonblocking = false;
    d->watched = false;
    d->send_size = default_size;
    d->receive_size = default_size;
    d->operations = 0;
    d->port = 0;
    d->bare_errors = false;
    d->references_.store(1, std::memory_order_release);
    return d;
}

void description::unlock() noexcept {
    for (std::mutex *const m : {&mirror, &setting})
        new (m) std::mutex;
}

void description::lock_pool() noexcept { pool.lock(); }
void description::unlock_pool() noexcept { pool.unlock(); }

/// Keys and data are wiped here, by the engine's destructors.
void description::dispose() noexcept {
    op.reset();
    bound.reset();
    answers.clear();
    if (parent != nullptr) {
        parent->operations.fetch_sub(1, std::memory_order_relaxed);
        std::exchange(parent, nullptr)->release();
    }
    const std::lock_guard lock(pool);
    next_free_ = free_list;
    free_list = this;
}

} // namespace kcapi::preload
