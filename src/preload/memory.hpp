// SPDX-License-Identifier: BSD-3-Clause
//
// Whether a program's pointer leads to memory: what the kernel finds out by itself when it copies, and what a
// library has to ask beforehand, since it would crash. One byte of every page is touched; a fault there is an
// answer. What another thread unmaps between the question and its use is that thread's crash.
#pragma once

#include "base/bytes.hpp"

namespace kcapi::preload {

/// How many of the `size` bytes from `address` on can be read.
[[nodiscard]] std::size_t readable(const void *address, std::size_t size) noexcept;
/// How many can be written. They are not changed.
[[nodiscard]] std::size_t writable(void *address, std::size_t size) noexcept;

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
