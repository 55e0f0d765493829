// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the symmetric cipher functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

KCAPI_NARROW(int32_t, kcapi_cipher_encrypt, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *in,
             uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_cipher_encrypt(handle, in, in_len, iv, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_cipher_decrypt, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *in,
             uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len, int access) {
    return narrow_result(kcapi_cipher_decrypt(handle, in, in_len, iv, out, out_len, access));
}

KCAPI_NARROW(int32_t, kcapi_cipher_encrypt_aio, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, const uint8_t *iv, int access) {
    return narrow_result(kcapi_cipher_encrypt_aio(handle, in_iov, out_iov, iov_len, iv, access));
}

KCAPI_NARROW(int32_t, kcapi_cipher_decrypt_aio, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, const uint8_t *iv, int access) {
    return narrow_result(kcapi_cipher_decrypt_aio(handle, in_iov, out_iov, iov_len, iv, access));
}

KCAPI_NARROW(int32_t, kcapi_cipher_stream_init_enc, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *iv, struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_cipher_stream_init_enc(handle, iv, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_stream_init_dec, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             const uint8_t *iv, struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_cipher_stream_init_dec(handle, iv, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_stream_update, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_cipher_stream_update(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_stream_update_last, "LIBKCAPI_1.2.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_cipher_stream_update_last(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_stream_op, "LIBKCAPI_0.12.0", struct kcapi_handle *handle,
             struct iovec *iov, uint32_t iov_len) {
    return narrow_result(kcapi_cipher_stream_op(handle, iov, iov_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_enc_aes_cbc, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_cipher_enc_aes_cbc(key, key_len, in, in_len, iv, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_enc_aes_ctr, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_cipher_enc_aes_ctr(key, key_len, in, in_len, iv, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_dec_aes_cbc, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_cipher_dec_aes_cbc(key, key_len, in, in_len, iv, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_cipher_dec_aes_ctr, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, const uint8_t *iv, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_cipher_dec_aes_ctr(key, key_len, in, in_len, iv, out, out_len));
}
