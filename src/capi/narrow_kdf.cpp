// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the key derivation functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

KCAPI_NARROW(int32_t, kcapi_pbkdf, "LIBKCAPI_0.12.0", const char *hashname, const uint8_t *pw,
             uint32_t pw_len, const uint8_t *salt, uint32_t salt_len, uint32_t count, uint8_t *key,
             uint32_t key_len) {
    return narrow_result(kcapi_pbkdf(hashname, pw, pw_len, salt, salt_len, count, key, key_len));
}

KCAPI_NARROW(int32_t, kcapi_kdf_ctr, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *src,
             uint32_t slen, uint8_t *dst, uint32_t dlen) {
    return narrow_result(kcapi_kdf_ctr(handle, src, slen, dst, dlen));
}

KCAPI_NARROW(int32_t, kcapi_kdf_dpi, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *src,
             uint32_t slen, uint8_t *dst, uint32_t dlen) {
    return narrow_result(kcapi_kdf_dpi(handle, src, slen, dst, dlen));
}

KCAPI_NARROW(int32_t, kcapi_kdf_fb, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, const uint8_t *src,
             uint32_t slen, uint8_t *dst, uint32_t dlen) {
    return narrow_result(kcapi_kdf_fb(handle, src, slen, dst, dlen));
}

KCAPI_NARROW(int32_t, kcapi_hkdf, "LIBKCAPI_0.14.0", const char *hashname, const uint8_t *ikm,
             uint32_t ikm_len, const uint8_t *salt, uint32_t salt_len, const uint8_t *info, uint32_t info_len,
             uint8_t *dst, uint32_t dlen) {
    return narrow_result(kcapi_hkdf(hashname, ikm, ikm_len, salt, salt_len, info, info_len, dst, dlen));
}
