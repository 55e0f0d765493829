// SPDX-License-Identifier: BSD-3-Clause
#include "local/crew.hpp"

#include "base/sys.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <new>

namespace kcapi::local {

namespace {

std::atomic<std::size_t> limit{0};

alignas(crew) unsigned char place[sizeof(crew)];

/// In the child of a fork: the helpers are not there, and what they held stays as it was.
void begin_anew() noexcept { new (place) crew; }

/// Enough for any cipher: what a helper has on it are the buffers of one pass.
constexpr std::size_t stack_size = std::size_t{256} << 10;

} // namespace

crew &crew::shared() noexcept {
    static crew *const made = [] {
        begin_anew();
        (void)::pthread_atfork(nullptr, nullptr, begin_anew);
        return std::launder(reinterpret_cast<crew *>(place));
    }();
    return *made;
}

void crew::set_limit(std::size_t threads) noexcept { limit.store(threads, std::memory_order_relaxed); }

std::size_t crew::strength() noexcept {
    static const std::size_t processors = base::sys::usable_processors();
    const std::size_t set = limit.load(std::memory_order_relaxed);
    return std::clamp<std::size_t>(set != 0 ? set : processors, 1, most);
}

bool crew::run(std::size_t count, void (*task)(void *, std::size_t) noexcept, void *context) noexcept {
    const std::unique_lock turn(busy_, std::try_to_lock);
    if (!turn || !start())
        return false;
    std::unique_lock held(mutex_);
    task_ = task;
    context_ = context;
    count_ = left_ = count;
    next_ = 0;
    work_.notify_all();
    while (do_next(held)) {
    }
    while (left_ != 0) {
        const std::uint32_t seen = done_.current();
        held.unlock();
        // A signal ends the sleep, not the work.
        (void)done_.wait(seen);
        held.lock();
    }
    return true;
}

/// Takes a task that nobody has, if there is one.
bool crew::do_next(std::unique_lock<std::mutex> &held) noexcept {
    if (next_ == count_)
        return false;
    const std::size_t mine = next_++;
    held.unlock();
    task_(context_, mine);
    held.lock();
    if (--left_ == 0)
        done_.notify_all();
    return true;
}

/// Fewer helpers than wanted are as good as there were.
bool crew::start() noexcept {
    while (helpers_ + 1 < strength()) {
        pthread_attr_t attributes;
        if (::pthread_attr_init(&attributes) != 0)
            break;
        sigset_t all;
        sigset_t before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        pthread_t thread;
        const bool started = ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0 &&
                             ::pthread_attr_setstacksize(&attributes, stack_size) == 0 &&
                             ::pthread_create(&thread, &attributes, helper, this) == 0;
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        ::pthread_attr_destroy(&attributes);
        if (!started)
            break;
        ++helpers_;
    }
    return helpers_ != 0;
}

void *crew::helper(void *self) noexcept {
    static_cast<crew *>(self)->help();
    return nullptr;
}

void crew::help() noexcept {
    std::unique_lock held(mutex_);
    for (;;) {
        const std::uint32_t seen = work_.current();
        if (do_next(held))
            continue;
        held.unlock();
        (void)work_.wait(seen);
        held.lock();
    }
}

} // namespace kcapi::local
