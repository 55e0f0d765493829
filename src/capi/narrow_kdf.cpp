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
