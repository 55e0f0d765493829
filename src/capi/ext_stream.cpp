// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: streams that do not sleep or do not copy, and hashes that fork.
#include "capi/boundary.hpp"
#include "capi/stream.hpp"

#include <kcapi_ext.h>

#include <memory>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

[[nodiscard]] bool streams(const kcapi_handle &h) noexcept {
    return h.family == alg::kind::skcipher || h.family == alg::kind::aead;
}

constexpr error no_stream{EINVAL, "the handle has no streams of this kind"};

} // namespace

KCAPI_EXPORT ssize_t kcapi_ext_stream_try_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len) {
    return guarded(handle, [&](kcapi_handle &h) -> result<std::size_t> {
        if (!streams(h))
            return no_stream;
        const result<base::iov_list> list = checked_room(iov, iov_len);
        if (!list)
            return list.error();
        return h.session.collect(*list, false);
    });
}

KCAPI_EXPORT ssize_t kcapi_ext_stream_update_borrowed(struct kcapi_handle *handle, struct iovec *iov,
                                                      size_t iov_len, int last) {
    return guarded(handle, [&](kcapi_handle &h) -> result<std::size_t> {
        if (!streams(h))
            return no_stream;
        const result<base::iov_list> list = checked_list(iov, iov_len);
        if (!list)
            return list.error();
        return h.session.update(*list, last == 0, true);
    });
}

KCAPI_EXPORT int kcapi_ext_md_clone(struct kcapi_handle **newhandle, struct kcapi_handle *existing) {
    return static_cast<int>(guarded(existing, alg::kind::hash, [&](kcapi_handle &h) -> result<void> {
        if (newhandle == nullptr)
            return error{EINVAL, "clone: newhandle is NULL"};
        auto copy = std::make_unique<kcapi_handle>(h.session.shared_transform(), h.engine);
        if (result<void> r = copy->session.copy_state(h.session); !r)
            return r;
        *newhandle = copy.release();
        return {};
    }));
}
