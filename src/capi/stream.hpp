// SPDX-License-Identifier: BSD-3-Clause
//
// What the functions that carry data share in all families.
#pragma once

#include "capi/boundary.hpp"

namespace kcapi::capi {

/// The caller's array of buffers as a list, or what is wrong with it.
[[nodiscard]] inline result<base::iov_list> checked_list(const iovec *iov, std::size_t n) noexcept {
    if (iov == nullptr && n != 0)
        return error{EINVAL, "iovec array is NULL with a count"};
    for (std::size_t i = 0; i < n; ++i)
        if (iov[i].iov_base == nullptr && iov[i].iov_len != 0)
            return error{EFAULT, "NULL buffer with a length"};
    return base::iov_list(iov, n);
}

/// The same for room that a stream_op is given, of which there must be some.
[[nodiscard]] inline result<base::iov_list> checked_room(const iovec *iov, std::size_t n) noexcept {
    if (iov == nullptr || n == 0)
        return error{EINVAL, "stream_op: no buffers"};
    return checked_list(iov, n);
}

/// How the `access` argument of a one-shot or aio function wants its data to travel.
[[nodiscard]] inline alg::transfer transfer_of(int access) noexcept {
    switch (access) {
    case KCAPI_ACCESS_HEURISTIC:
        return alg::transfer::any;
    case KCAPI_ACCESS_SENDMSG:
        return alg::transfer::copy;
    default:
        return alg::transfer::splice;
    }
}

/// kcapi_*_stream_update and, with `more` false, kcapi_*_stream_update_last.
inline ssize_t stream_update(kcapi_handle *handle, alg::kind family, const iovec *iov, std::size_t n,
                             bool more) noexcept {
    return guarded(handle, family, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::iov_list> list = checked_list(iov, n);
        if (!list)
            return list.error();
        return h.session.update(*list, more);
    });
}

} // namespace kcapi::capi
