// SPDX-License-Identifier: BSD-3-Clause
//
// What the system call layer checks of a list of buffers before and after AF_ALG sees it.
#pragma once

#include "base/bytes.hpp"

#include <kcapi/result.hpp>

#include <cerrno>

namespace kcapi::local {

/// UIO_MAXIOV.
inline constexpr std::size_t max_iov = 1024;

/// The length of a list, or what is wrong with it.
[[nodiscard]] inline result<std::size_t> checked_length(base::iov_list list) noexcept {
    if (list.size() > max_iov)
        return error{EMSGSIZE, "iovec count"};
    const std::optional<std::size_t> length = base::total_length(list);
    if (!length)
        return error{EINVAL, "iovec length"};
    return *length;
}

/// How many bytes come before the first element that is no memory; nothing if all is memory.
[[nodiscard]] inline std::optional<std::size_t> reachable_before_fault(base::iov_list list) noexcept {
    std::size_t n = 0;
    for (const iovec &v : list) {
        if (v.iov_base == nullptr && v.iov_len != 0)
            return n;
        n += v.iov_len;
    }
    return std::nullopt;
}

/// Whether a buffer of the list is one that no copy can reach.
[[nodiscard]] inline bool has_null(base::iov_list list) noexcept {
    return std::any_of(list.begin(), list.end(),
                       [](const iovec &v) { return v.iov_base == nullptr && v.iov_len != 0; });
}

} // namespace kcapi::local
