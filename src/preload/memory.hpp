// SPDX-License-Identifier: BSD-3-Clause
//
// Whether a program's pointer leads to memory: what the kernel finds out by itself when it copies, and what a
// library has to ask beforehand, since it would crash. One byte of every page is touched; a fault there is an
// answer. What another thread unmaps between the question and its use is that thread's crash.
#pragma once

#include "preload/faults.hpp"

#include "base/bytes.hpp"

namespace kcapi::preload {

[[nodiscard]] std::size_t readable_pages(const void *address, std::size_t size) noexcept;
[[nodiscard]] std::size_t writable_pages(void *address, std::size_t size) noexcept;

#ifdef KCAPI_FAULTS_BY_SIGNAL
/// Whether none of the bytes is on another page than the first.
[[nodiscard]] inline bool on_one_page(const void *address, std::size_t size) noexcept {
    constexpr std::uintptr_t page = 4096;
    return size != 0 && size <= page - (reinterpret_cast<std::uintptr_t>(address) & (page - 1));
}
#endif

/// How many of the `size` bytes from `address` on can be read.
[[nodiscard]] inline std::size_t readable(const void *address, std::size_t size) noexcept {
#ifdef KCAPI_FAULTS_BY_SIGNAL
    if (on_one_page(address, size)) [[likely]]
        return touch_reads(reinterpret_cast<std::uintptr_t>(address)) ? size : 0;
#endif
    return readable_pages(address, size);
}
/// How many can be written. They are not changed.
[[nodiscard]] inline std::size_t writable(void *address, std::size_t size) noexcept {
#ifdef KCAPI_FAULTS_BY_SIGNAL
    if (on_one_page(address, size)) [[likely]]
        return touch_writes(reinterpret_cast<std::uintptr_t>(address)) ? size : 0;
#endif
    return writable_pages(address, size);
}

template <class T>
[[nodiscard]] bool can_read(const T *p) noexcept {
    return readable(p, sizeof *p) == sizeof *p;
}
template <class T>
[[nodiscard]] bool can_write(T *p) noexcept {
    return writable(p, sizeof *p) == sizeof *p;
}

/// The same by system calls, where the processor's way is not known.
[[nodiscard]] std::size_t readable_by_futex(const void *address, std::size_t size) noexcept;
[[nodiscard]] std::size_t writable_by_futex(void *address, std::size_t size) noexcept;

} // namespace kcapi::preload
