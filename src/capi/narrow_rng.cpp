// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the random number functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

KCAPI_NARROW(int32_t, kcapi_rng_generate, "LIBKCAPI_0.12.0", struct kcapi_handle *handle, uint8_t *buffer,
             uint32_t len) {
    return narrow_result(kcapi_rng_generate(handle, buffer, len));
}

KCAPI_NARROW(int32_t, kcapi_rng_get_bytes, "LIBKCAPI_1.0.0", uint8_t *buffer, uint32_t out_len) {
    return narrow_result(kcapi_rng_get_bytes(buffer, out_len));
}
