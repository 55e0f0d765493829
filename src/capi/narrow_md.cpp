// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the message digest functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

KCAPI_NARROW(int32_t, kcapi_md_final, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, uint8_t *buffer,
             uint32_t len) {
    return narrow_result(kcapi_md_final(handle, buffer, len));
}

KCAPI_NARROW(int32_t, kcapi_md_digest, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *in,
             uint32_t in_len, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_md_digest(handle, in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_sha1, "LIBKCAPI_1.0.0", const uint8_t *in, uint32_t in_len, uint8_t *out,
             uint32_t out_len) {
    return narrow_result(kcapi_md_sha1(in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_sha224, "LIBKCAPI_1.0.0", const uint8_t *in, uint32_t in_len, uint8_t *out,
             uint32_t out_len) {
    return narrow_result(kcapi_md_sha224(in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_sha256, "LIBKCAPI_1.0.0", const uint8_t *in, uint32_t in_len, uint8_t *out,
             uint32_t out_len) {
    return narrow_result(kcapi_md_sha256(in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_sha384, "LIBKCAPI_1.0.0", const uint8_t *in, uint32_t in_len, uint8_t *out,
             uint32_t out_len) {
    return narrow_result(kcapi_md_sha384(in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_sha512, "LIBKCAPI_1.0.0", const uint8_t *in, uint32_t in_len, uint8_t *out,
             uint32_t out_len) {
    return narrow_result(kcapi_md_sha512(in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_hmac_sha1, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_md_hmac_sha1(key, key_len, in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_hmac_sha224, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_md_hmac_sha224(key, key_len, in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_hmac_sha256, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_md_hmac_sha256(key, key_len, in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_hmac_sha384, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_md_hmac_sha384(key, key_len, in, in_len, out, out_len));
}

KCAPI_NARROW(int32_t, kcapi_md_hmac_sha512, "LIBKCAPI_1.0.0", const uint8_t *key, uint32_t key_len,
             const uint8_t *in, uint32_t in_len, uint8_t *out, uint32_t out_len) {
    return narrow_result(kcapi_md_hmac_sha512(key, key_len, in, in_len, out, out_len));
}
