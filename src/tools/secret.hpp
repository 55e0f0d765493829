// SPDX-License-Identifier: BSD-3-Clause
//
// Memory for keys and passwords: wiped whenever it is given back, also when a vector grows out of it.
#pragma once

#include <kcapi.h>

#include <cstdint>
#include <new>
#include <vector>

namespace kcapi::tools {

template <class T>
struct wiping_allocator {
    using value_type = T;

    wiping_allocator() noexcept = default;
    template <class U>
    wiping_allocator(const wiping_allocator<U> &) noexcept {}

    [[nodiscard]] T *allocate(std::size_t n) { return static_cast<T *>(::operator new(n * sizeof(T))); }
    void deallocate(T *p, std::size_t n) noexcept {
        kcapi_memset_secure(p, 0, n * sizeof(T));
        ::operator delete(p);
    }
    friend bool operator==(const wiping_allocator &, const wiping_allocator &) noexcept { return true; }
};

using secret = std::vector<std::uint8_t, wiping_allocator<std::uint8_t>>;

} // namespace kcapi::tools
