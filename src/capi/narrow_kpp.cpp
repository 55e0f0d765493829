// SPDX-License-Identifier: BSD-3-Clause
//
// The older forms of the kpp functions, with 32-bit lengths.
#include "capi/versions.hpp"

#include <kcapi.h>

using kcapi::capi::narrow_result;

KCAPI_NARROW(int32_t, kcapi_kpp_keygen, "LIBKCAPI_1.0.0", struct kcapi_handle *handle, uint8_t *pubkey,
             uint32_t pubkey_len, int access) {
    return narrow_result(kcapi_kpp_keygen(handle, pubkey, pubkey_len, access));
}

KCAPI_NARROW(int32_t, kcapi_kpp_ssgen, "LIBKCAPI_1.0.0", struct kcapi_handle *handle, const uint8_t *pubkey,
             uint32_t pubkey_len, uint8_t *ss, uint32_t ss_len, int access) {
    return narrow_result(kcapi_kpp_ssgen(handle, pubkey, pubkey_len, ss, ss_len, access));
}

KCAPI_NARROW(int32_t, kcapi_kpp_keygen_aio, "LIBKCAPI_1.0.0", struct kcapi_handle *handle,
             struct iovec *out_iov, uint32_t iov_len, int access) {
    return narrow_result(kcapi_kpp_keygen_aio(handle, out_iov, iov_len, access));
}

KCAPI_NARROW(int32_t, kcapi_kpp_ssgen_aio, "LIBKCAPI_1.0.0", struct kcapi_handle *handle,
             struct iovec *in_iov, struct iovec *out_iov, uint32_t iov_len, int access) {
    return narrow_result(kcapi_kpp_ssgen_aio(handle, in_iov, out_iov, iov_len, access));
}
