// SPDX-License-Identifier: BSD-3-Clause
//
// Authenticated encryption: keys and sizes, streams.
#include "capi/aead.hpp"
#include "capi/boundary.hpp"
#include "capi/open.hpp"
#include "capi/stream.hpp"

#include <cstdlib>
#include <cstring>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// A B0 block of CCM (RFC 3610): one byte of flags, 15 for nonce and length field.
constexpr std::size_t ccm_iv_size = 16;
constexpr std::uint32_t ccm_nonce_max = 14;

ssize_t stream_start(kcapi_handle *handle, alg::op_code op, const uint8_t *iv, const iovec *iov, size_t n) {
    return guarded(handle, alg::kind::aead, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::iov_list> list = checked_list(iov, n);
        if (!list)
            return list.error();
        alg::control header;
        if (const result<void> r = make_header(header, h, op, iv); !r)
            return r.error();
        return h.session.start(header, *list, h.tag_len->load());
    });
}

} // namespace

KCAPI_EXPORT int kcapi_aead_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, alg::kind::aead, ciphername); }));
}

KCAPI_EXPORT void kcapi_aead_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_aead_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len) {
    return static_cast<int>(
        guarded(handle, alg::kind::aead, [&](kcapi_handle &h) { return set_key(h, key, key_len); }));
}

KCAPI_EXPORT int kcapi_aead_settaglen(struct kcapi_handle *handle, uint32_t tag_len) {
    return static_cast<int>(guarded(handle, alg::kind::aead, [&](kcapi_handle &h) -> result<void> {
        // Programs know one number for all that can be wrong here.
        if (!h.session.transform().set_tag_size(tag_len))
            return error{EINVAL, "settaglen: not a tag length of the algorithm, or an operation was begun"};
        *h.tag_len = tag_len;
        return {};
    }));
}

KCAPI_EXPORT void kcapi_aead_setassoclen(struct kcapi_handle *handle, size_t assoc_len) {
    if (is_of(handle, alg::kind::aead))
        handle->assoc_len = assoc_len;
}

KCAPI_EXPORT uint32_t kcapi_aead_ivsize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::aead) ? handle->session.transform().info().iv_size : 0;
}

KCAPI_EXPORT uint32_t kcapi_aead_authsize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::aead) ? handle->session.transform().info().max_tag_size : 0;
}

KCAPI_EXPORT uint32_t kcapi_aead_blocksize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::aead) ? handle->session.transform().info().block_size : 0;
}

KCAPI_EXPORT int kcapi_aead_ccm_nonce_to_iv(const uint8_t *nonce, uint32_t nonce_len, uint8_t **iv,
                                            uint32_t *iv_len) {
    return static_cast<int>(guarded([&]() -> result<void> {
        if (iv == nullptr || iv_len == nullptr)
            return error{EINVAL, "ccm_nonce_to_iv: output is NULL"};
        if (nonce_len > ccm_nonce_max)
            return error{EINVAL, "ccm_nonce_to_iv: the nonce is too long"};
        if (nonce == nullptr && nonce_len != 0)
            return error{EFAULT, "ccm_nonce_to_iv: NULL nonce with a length"};
        auto *const made = static_cast<std::uint8_t *>(std::aligned_alloc(ccm_iv_size, ccm_iv_size));
        if (made == nullptr)
            return error{ENOMEM, "ccm_nonce_to_iv"};
        std::memset(made, 0, ccm_iv_size);
        made[0] = static_cast<std::uint8_t>(ccm_nonce_max - nonce_len);
        if (nonce_len != 0)
            std::memcpy(made + 1, nonce, nonce_len);
        *iv = made;
        *iv_len = ccm_iv_size;
        return {};
    }));
}

KCAPI_EXPORT ssize_t kcapi_aead_stream_init_enc(struct kcapi_handle *handle, const uint8_t *iv,
                                                struct iovec *iov, size_t iov_len) {
    return stream_start(handle, alg::op_code::encrypt, iv, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_aead_stream_init_dec(struct kcapi_handle *handle, const uint8_t *iv,
                                                struct iovec *iov, size_t iov_len) {
    return stream_start(handle, alg::op_code::decrypt, iv, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_aead_stream_update(struct kcapi_handle *handle, struct iovec *iov,
                                              size_t iov_len) {
    return stream_update(handle, alg::kind::aead, iov, iov_len, true);
}

KCAPI_EXPORT ssize_t kcapi_aead_stream_update_last(struct kcapi_handle *handle, struct iovec *iov,
                                                   size_t iov_len) {
    return stream_update(handle, alg::kind::aead, iov, iov_len, false);
}

KCAPI_EXPORT ssize_t kcapi_aead_stream_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len) {
    return guarded(handle, alg::kind::aead, [&](kcapi_handle &h) -> result<std::size_t> {
        if (iov == nullptr)
            return error{EINVAL, "stream_op: no buffers"};
        const result<base::iov_list> list = checked_list(iov, iov_len);
        if (!list)
            return list.error();
        return h.session.collect(*list);
    });
}
