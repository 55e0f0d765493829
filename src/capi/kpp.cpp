// SPDX-License-Identifier: BSD-3-Clause
//
// Key agreement.
#include "capi/open.hpp"
#include "capi/public_key.hpp"

#include <array>
#include <charconv>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

constexpr alg::kind family = alg::kind::kpp;

} // namespace

KCAPI_EXPORT int kcapi_kpp_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, family, ciphername); }));
}

KCAPI_EXPORT void kcapi_kpp_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_kpp_dh_setparam_pkcs3(struct kcapi_handle *handle, const uint8_t *pkcs3,
                                             uint32_t pkcs3_len) {
    return static_cast<int>(set_parameter(handle, family, alg::parameter::dh_parameters, pkcs3, pkcs3_len));
}

KCAPI_EXPORT int kcapi_kpp_ecdh_setcurve(struct kcapi_handle *handle, unsigned long curve_id) {
    std::array<char, 24> digits{};
    const std::to_chars_result end = std::to_chars(digits.begin(), digits.end(), curve_id);
    return static_cast<int>(set_parameter(handle, family, alg::parameter::ecdh_curve,
                                          reinterpret_cast<const std::uint8_t *>(digits.data()),
                                          static_cast<std::size_t>(end.ptr - digits.data())));
}

KCAPI_EXPORT int kcapi_kpp_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len) {
    return static_cast<int>(set_parameter(handle, family, alg::parameter::key, key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_kpp_keygen(struct kcapi_handle *handle, uint8_t *pubkey, size_t pubkey_len,
                                      int access) {
    return process(handle, family, alg::op_code::keygen, {}, false, {pubkey, pubkey_len}, access);
}

KCAPI_EXPORT ssize_t kcapi_kpp_ssgen(struct kcapi_handle *handle, const uint8_t *pubkey, size_t pubkey_len,
                                     uint8_t *ss, size_t ss_len, int access) {
    return process(handle, family, alg::op_code::ssgen, {pubkey, pubkey_len}, true, {ss, ss_len}, access);
}

KCAPI_EXPORT ssize_t kcapi_kpp_keygen_aio(struct kcapi_handle *handle, struct iovec *out_iov, size_t iov_len,
                                          int access) {
    return process_each(handle, family, alg::op_code::keygen, nullptr, false, out_iov, iov_len, access);
}

KCAPI_EXPORT ssize_t kcapi_kpp_ssgen_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                         struct iovec *out_iov, size_t iov_len, int access) {
    return process_each(handle, family, alg::op_code::ssgen, in_iov, true, out_iov, iov_len, access);
}
