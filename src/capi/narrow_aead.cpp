// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the aead functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

namespace {

/// A buffer length for a caller with 32 bits; what does not fit becomes the largest that does.
[[maybe_unused]] constexpr std::uint32_t narrow_length(size_t length) noexcept {
    constexpr size_t largest = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(length < largest ? length : largest);
}

} // namespace

KCAPI_NARROW(void, kcapi_aead_setassoclen, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             uint32_t assoc_len) {
    kcapi_aead_setassoclen(handle, assoc_len);
}

KCAPI_NARROW(uint32_t, kcapi_aead_inbuflen_enc, "LIBKCAPI_0.13.0", struct kcapi_handle *handle,
             uint32_t in_len, uint32_t assoc_len, uint32_t tag_len) {
    return narrow_length(kcapi_aead_inbuflen_enc(handle, in_len, assoc_len, tag_len));
}

KCAPI_NARROW(uint32_t, kcapi_aead_inbuflen_dec, "LIBKCAPI_0.13.0", struct kcapi_handle *handle,
             uint32_t in_len, uint32_t assoc_len, uint32_t tag_len) {
    return narrow_length(kcapi_aead_inbuflen_dec(handle, in_len, assoc_len, tag_len));
}

KCAPI_NARROW(uint32_t, kcapi_aead_outbuflen_enc, "LIBKCAPI_0.13.0", struct kcapi_handle *handle,
             uint32_t in_len, uint32_t assoc_len, uint32_t tag_len) {
    return narrow_length(kcapi_aead_outbuflen_enc(handle, in_len, assoc_len, tag_len));
}

KCAPI_NARROW(uint32_t, kcapi_aead_outbuflen_dec, "LIBKCAPI_0.13.0", struct kcapi_handle *handle,
             uint32_t in_len, uint32_t assoc_len, uint32_t tag_len) {
    return narrow_length(kcapi_aead_outbuflen_dec(handle, in_len, assoc_len, tag_len));
}

KCAPI_NARROW(int32_t, kcapi_aead_stream_init_enc, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *iv, struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_aead_stream_init_enc(handle, iv, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_aead_stream_init_dec, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *iv, struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_aead_stream_init_dec(handle, iv, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_aead_stream_update, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_aead_stream_update(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_aead_stream_update_last, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_aead_stream_update_last(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_aead_stream_op, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, struct iovec *iov,
             uint32_t iov_len) {
    return narrow_result(kcapi_aead_stream_op(handle, iov, iov_len));
}
