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

/// The getdata functions: lengths are computed as they are, and told as far as 32 bits can.
struct narrow_parts {
    std::size_t assoc_len = 0;
    std::size_t data_len = 0;
    std::size_t tag_len = 0;

    void tell(std::uint32_t *assoc, std::uint32_t *data, std::uint32_t *tag) const noexcept {
        if (assoc != nullptr)
            *assoc = static_cast<std::uint32_t>(assoc_len);
        if (data != nullptr)
            *data = static_cast<std::uint32_t>(data_len);
        if (tag != nullptr)
            *tag = static_cast<std::uint32_t>(tag_len);
    }
};

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

KCAPI_NARROW(int32_t, kcapi_aead_encrypt, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *in,
             uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_aead_encrypt(handle, in, in_len, iv, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_aead_encrypt_aio, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, const uint8_t *iv, int access) {
    return narrow_result(kcapi_aead_encrypt_aio(handle, in_iov, out_iov, iov_len, iv, access));
}

KCAPI_NARROW(int32_t, kcapi_aead_decrypt, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *in,
             uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_aead_decrypt(handle, in, in_len, iv, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_aead_decrypt_aio, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, const uint8_t *iv, int access) {
    return narrow_result(kcapi_aead_decrypt_aio(handle, in_iov, out_iov, iov_len, iv, access));
}

KCAPI_NARROW(void, kcapi_aead_getdata_input, "LIBKCAPI_0.13.0", struct kcapi_handle *handle, uint8_t *encdata,
             uint32_t encdata_len, int enc, uint8_t **aad, uint32_t *aad_len, uint8_t **data,
             uint32_t *data_len, uint8_t **tag, uint32_t *tag_len) {
    narrow_parts p;
    kcapi_aead_getdata_input(handle, encdata, encdata_len, enc, aad, &p.assoc_len, data, &p.data_len, tag,
                             &p.tag_len);
    p.tell(aad_len, data_len, tag_len);
}

KCAPI_NARROW(void, kcapi_aead_getdata_output, "LIBKCAPI_0.13.0", struct kcapi_handle *handle,
             uint8_t *encdata, uint32_t encdata_len, int enc, uint8_t **aad, uint32_t *aad_len,
             uint8_t **data, uint32_t *data_len, uint8_t **tag, uint32_t *tag_len) {
    narrow_parts p;
    kcapi_aead_getdata_output(handle, encdata, encdata_len, enc, aad, &p.assoc_len, data, &p.data_len, tag,
                              &p.tag_len);
    p.tell(aad_len, data_len, tag_len);
}
