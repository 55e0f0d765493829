// SPDX-License-Identifier: BSD-3-Clause
//
// Public-key encryption and signatures.
#include "capi/open.hpp"
#include "capi/public_key.hpp"

using namespace kcapi;
using namespace kcapi::capi;

namespace {

constexpr alg::kind family = alg::kind::akcipher;

ssize_t crypt(kcapi_handle *handle, alg::op_code op, const uint8_t *in, size_t in_len, uint8_t *out,
              size_t out_len, int access) {
    return process(handle, family, op, {in, in_len}, true, {out, out_len}, access);
}

ssize_t stream_start(kcapi_handle *handle, alg::op_code op, const iovec *iov, size_t n) {
    return guarded(handle, family, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::iov_list> list = checked_list(iov, n);
        if (!list)
            return list.error();
        return h.session.start({.op = op, .iv = std::nullopt, .assoc_len = 0}, *list);
    });
}

} // namespace

KCAPI_EXPORT int kcapi_akcipher_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, family, ciphername); }));
}

KCAPI_EXPORT void kcapi_akcipher_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_akcipher_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len) {
    return static_cast<int>(set_parameter(handle, family, alg::parameter::key, key, key_len));
}

KCAPI_EXPORT int kcapi_akcipher_setpubkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len) {
    return static_cast<int>(set_parameter(handle, family, alg::parameter::public_key, key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_akcipher_encrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                            uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::encrypt, in, in_len, out, out_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_decrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                            uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::decrypt, in, in_len, out, out_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_sign(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                         uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::sign, in, in_len, out, out_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_verify(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                           uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::verify, in, in_len, out, out_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_encrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                                struct iovec *out_iov, size_t iov_len, int access) {
    return process_each(handle, family, alg::op_code::encrypt, in_iov, true, out_iov, iov_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_decrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                                struct iovec *out_iov, size_t iov_len, int access) {
    return process_each(handle, family, alg::op_code::decrypt, in_iov, true, out_iov, iov_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_sign_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                             struct iovec *out_iov, size_t iov_len, int access) {
    return process_each(handle, family, alg::op_code::sign, in_iov, true, out_iov, iov_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_verify_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                               struct iovec *out_iov, size_t iov_len, int access) {
    return process_each(handle, family, alg::op_code::verify, in_iov, true, out_iov, iov_len, access);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_init_enc(struct kcapi_handle *handle, struct iovec *iov,
                                                    size_t iov_len) {
    return stream_start(handle, alg::op_code::encrypt, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_init_dec(struct kcapi_handle *handle, struct iovec *iov,
                                                    size_t iov_len) {
    return stream_start(handle, alg::op_code::decrypt, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_init_sgn(struct kcapi_handle *handle, struct iovec *iov,
                                                    size_t iov_len) {
    return stream_start(handle, alg::op_code::sign, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_init_vfy(struct kcapi_handle *handle, struct iovec *iov,
                                                    size_t iov_len) {
    return stream_start(handle, alg::op_code::verify, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_update(struct kcapi_handle *handle, struct iovec *iov,
                                                  size_t iov_len) {
    return stream_update(handle, family, iov, iov_len, true);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_update_last(struct kcapi_handle *handle, struct iovec *iov,
                                                       size_t iov_len) {
    return stream_update(handle, family, iov, iov_len, false);
}

KCAPI_EXPORT ssize_t kcapi_akcipher_stream_op(struct kcapi_handle *handle, struct iovec *iov,
                                              size_t iov_len) {
    return guarded(handle, family, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::iov_list> list = checked_room(iov, iov_len);
        if (!list)
            return list.error();
        return h.session.collect(*list);
    });
}
