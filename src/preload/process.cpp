// SPDX-License-Identifier: BSD-3-Clause
#include "preload/process.hpp"

#include "preload/next.hpp"
#include "preload/table.hpp"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <atomic>

namespace kcapi::preload {

namespace {

// A page that a real fork wipes in the child, and that a vfork's child shares: zero or this process's number.
std::atomic<std::atomic<long> *> owner{nullptr};

std::mutex using_engine;

void before_fork() noexcept {
    using_engine.lock();
    description::lock_pool();
}

void after_fork() noexcept {
    description::unlock_pool();
    using_engine.unlock();
}

void note_child() noexcept {
    if (std::atomic<long> *const number = owner.load(std::memory_order_acquire))
        number->store(next::raw(SYS_getpid));
    after_fork();
    table::unlock_all();
}

} // namespace

void note_process() noexcept {
    if (owner.load(std::memory_order_acquire) != nullptr)
        return;
    constexpr std::size_t page = 4096;
    void *const memory = ::mmap(nullptr, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    if (::madvise(memory, page, MADV_WIPEONFORK) != 0) {
        (void)::munmap(memory, page);
        return;
    }
    auto *const number = static_cast<std::atomic<long> *>(memory);
    number->store(next::raw(SYS_getpid));
    std::atomic<long> *expected = nullptr;
    if (owner.compare_exchange_strong(expected, number))
        (void)::pthread_atfork(before_fork, after_fork, note_child);
    else
        (void)::munmap(memory, page);
}

std::mutex &engine_use() noexcept { return using_engine; }

bool is_guest() noexcept {
    std::atomic<long> *const number = owner.load(std::memory_order_acquire);
    if (number == nullptr)
        return false;
    const long self = next::raw(SYS_getpid);
    long is = number->load(std::memory_order_relaxed);
    // A fork that ran no handlers (_Fork, clone): the first to ask owns the copy.
    if (is == 0 && number->compare_exchange_strong(is, self))
        return false;
    return is != self;
}

} // namespace kcapi::preload
