// SPDX-License-Identifier: BSD-3-Clause
#include "preload/memory.hpp"

#include "preload/faults.hpp"
#include "preload/next.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>

#include <cerrno>

namespace kcapi::preload {

namespace {

/// The smallest page of any machine Linux runs on; larger ones are asked more than once.
constexpr std::uintptr_t page = 4096;

/// Asks `reaches` for one byte of each page.
template <class Question>
std::size_t reachable(std::uintptr_t begin, std::size_t size, Question reaches) noexcept {
    if (size == 0)
        return 0;
    std::uintptr_t last = 0;
    if (__builtin_add_overflow(begin, size - 1, &last))
        last = UINTPTR_MAX;
    for (std::uintptr_t at = begin;;) {
        if (!reaches(at))
            return at - begin;
        const std::uintptr_t next_page = (at | (page - 1)) + 1;
        if (next_page > last || next_page == 0)
            return next_page == 0 ? 0 : size;
        at = next_page;
    }
}

/// A wait for a value that is either not there (EAGAIN) or over at once (ETIMEDOUT).
bool futex_reads(std::uintptr_t at) noexcept {
    const timespec no_time{};
    const auto word = static_cast<long>(at & ~std::uintptr_t{3});
    return next::raw(SYS_futex, word, FUTEX_WAIT_PRIVATE, 0, reinterpret_cast<long>(&no_time)) != -EFAULT;
}

/// An atomic "or" with nothing, by the kernel, that wakes nobody.
bool futex_writes(std::uintptr_t at) noexcept {
    std::uint32_t own = 0;
    constexpr long nothing = FUTEX_OP(FUTEX_OP_OR, 0, FUTEX_OP_CMP_EQ, 0);
    const auto word = static_cast<long>(at & ~std::uintptr_t{3});
    return next::raw(SYS_futex, reinterpret_cast<long>(&own), FUTEX_WAKE_OP_PRIVATE, 0, 0, word, nothing) !=
           -EFAULT;
}

} // namespace

std::size_t readable_pages(const void *address, std::size_t size) noexcept {
#ifdef KCAPI_FAULTS_BY_SIGNAL
    return reachable(reinterpret_cast<std::uintptr_t>(address), size, touch_reads);
#else
    return readable_by_futex(address, size);
#endif
}

std::size_t writable_pages(void *address, std::size_t size) noexcept {
#ifdef KCAPI_FAULTS_BY_SIGNAL
    return reachable(reinterpret_cast<std::uintptr_t>(address), size, touch_writes);
#else
    return writable_by_futex(address, size);
#endif
}

std::size_t readable_by_futex(const void *address, std::size_t size) noexcept {
    return reachable(reinterpret_cast<std::uintptr_t>(address), size, futex_reads);
}

std::size_t writable_by_futex(void *address, std::size_t size) noexcept {
    return reachable(reinterpret_cast<std::uintptr_t>(address), size, futex_writes);
}

} // namespace kcapi::preload
