// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the akcipher functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

KCAPI_NARROW(int32_t, kcapi_akcipher_encrypt, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_akcipher_encrypt(handle, in, in_len, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_decrypt, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_akcipher_decrypt(handle, in, in_len, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_sign, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *in,
             uint32_t in_len, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_akcipher_sign(handle, in, in_len, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_verify, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_akcipher_verify(handle, in, in_len, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_encrypt_aio, "LIBKCAPI_0.14.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, int access) {
    return narrow_result(kcapi_akcipher_encrypt_aio(handle, in_iov, out_iov, iov_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_decrypt_aio, "LIBKCAPI_0.14.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, int access) {
    return narrow_result(kcapi_akcipher_decrypt_aio(handle, in_iov, out_iov, iov_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_sign_aio, "LIBKCAPI_0.14.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, int access) {
    return narrow_result(kcapi_akcipher_sign_aio(handle, in_iov, out_iov, iov_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_verify_aio, "LIBKCAPI_0.14.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, int access) {
    return narrow_result(kcapi_akcipher_verify_aio(handle, in_iov, out_iov, iov_len, access));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_init_enc, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_init_enc(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_init_dec, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_init_dec(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_init_sgn, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_init_sgn(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_init_vfy, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_init_vfy(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_update, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_update(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_update_last, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_update_last(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_akcipher_stream_op, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_akcipher_stream_op(handle, iov, iov_len));
}
