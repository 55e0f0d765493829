// SPDX-License-Identifier: BSD-3-Clause
//
// Symmetric ciphers.
#include "base/sys.hpp"
#include "capi/boundary.hpp"
#include "capi/open.hpp"
#include "capi/stream.hpp"

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// The original's one-shot pieces: ALG_MAX_PAGES.
constexpr std::size_t pages_per_chunk = 16;

struct message {
    const uint8_t *in;
    size_t in_len;
    const uint8_t *iv;
    uint8_t *out;
    size_t out_len;
};

alg::control header_of(const session &s, alg::op_code op, const uint8_t *iv) noexcept {
    alg::control c{.op = op, .iv = std::nullopt, .assoc_len = 0};
    if (iv != nullptr)
        c.iv = base::bytes(iv, s.transform().info().iv_size);
    return c;
}

result<std::size_t> crypt_piece(session &s, const alg::control &header, const message &m, int access) {
    const iovec in = base::to_iovec(base::bytes(m.in, m.in_len));
    const iovec out = base::to_iovec(base::mutable_bytes(m.out, m.in_len));
    return s.crypt({.in = {&in, 1}, .out = {&out, 1}, .header = &header, .how = transfer_of(access)});
}

result<std::size_t> crypt(session &s, bool chunked_iv, alg::op_code op, const message &m, int access) {
    if (m.out_len > INT_MAX)
        return error{EMSGSIZE, "outlen is above INT_MAX"};
    if (m.in_len == 0 || m.out_len == 0)
        return 0U;
    if (m.in == nullptr || m.out == nullptr)
        return error{EFAULT, "NULL buffer with a length"};
    if (m.out_len < m.in_len)
        return error{EINVAL, "outlen is below inlen"};
    const alg::control header = header_of(s, op, m.iv);
    if (!chunked_iv)
        return crypt_piece(s, header, m, access);
    const std::size_t chunk = pages_per_chunk * base::sys::page_size();
    std::size_t done = 0;
    while (done < m.in_len) {
        const std::size_t n = std::min(chunk, m.in_len - done);
        const result<std::size_t> r = crypt_piece(s, header, {m.in + done, n, m.iv, m.out + done, n}, access);
        if (!r)
            return r;
        done += *r;
    }
    return done;
}

ssize_t crypt(kcapi_handle *handle, alg::op_code op, const message &m, int access) {
    return guarded(handle, alg::kind::skcipher,
                   [&](kcapi_handle &h) { return crypt(h.session, h.chunked_iv, op, m, access); });
}

/// The messages of an aio call, one after another.
ssize_t crypt_each(kcapi_handle *handle, alg::op_code op, const iovec *in, const iovec *out, size_t n,
                   const uint8_t *iv, int access) {
    return guarded(handle, alg::kind::skcipher, [&](kcapi_handle &h) -> result<std::size_t> {
        if (n == 0)
            return 0U;
        if (in == nullptr || out == nullptr)
            return error{EINVAL, "aio: iovec array is NULL"};
        const std::optional<std::size_t> sum = base::total_length({in, n});
        if (!sum || *sum > INT_MAX)
            return error{EOVERFLOW, "aio: sum above INT_MAX"};
        std::size_t done = 0;
        for (size_t i = 0; i < n; ++i) {
            const message m{static_cast<const uint8_t *>(in[i].iov_base), in[i].iov_len, iv,
                            static_cast<uint8_t *>(out[i].iov_base), out[i].iov_len};
            const result<std::size_t> r = crypt(h.session, h.chunked_iv, op, m, access);
            if (!r)
                return r;
            done += *r;
        }
        return done;
    });
}

ssize_t stream_start(kcapi_handle *handle, alg::op_code op, const uint8_t *iv, const iovec *iov, size_t n) {
    return guarded(handle, alg::kind::skcipher, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::iov_list> list = checked_list(iov, n);
        if (!list)
            return list.error();
        return h.session.start(header_of(h.session, op, iv), *list);
    });
}

/// A whole message with a key of its own: init, setkey, crypt, destroy.
ssize_t crypt_once(const char *name, alg::op_code op, const uint8_t *key, uint32_t key_len,
                   const message &m) {
    return guarded([&]() -> result<std::size_t> {
        if (key == nullptr && key_len != 0)
            return error{EFAULT, "NULL key with a length"};
        const result<runtime::opened> o = open_algorithm(alg::kind::skcipher, name);
        if (!o)
            return o.error();
        if (const result<std::uint32_t> r = o->transform->set(alg::parameter::key, {key, key_len}); !r)
            return r.error();
        session s(o->transform);
        return crypt(s, false, op, m, KCAPI_ACCESS_HEURISTIC);
    });
}

} // namespace

KCAPI_EXPORT int kcapi_cipher_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, alg::kind::skcipher, ciphername); }));
}

KCAPI_EXPORT void kcapi_cipher_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_cipher_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len) {
    return static_cast<int>(
        guarded(handle, alg::kind::skcipher, [&](kcapi_handle &h) { return set_key(h, key, key_len); }));
}

KCAPI_EXPORT uint32_t kcapi_cipher_ivsize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::skcipher) ? handle->session.transform().info().iv_size : 0;
}

KCAPI_EXPORT uint32_t kcapi_cipher_blocksize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::skcipher) ? handle->session.transform().info().block_size : 0;
}

KCAPI_EXPORT ssize_t kcapi_cipher_encrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                          const uint8_t *iv, uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::encrypt, {in, in_len, iv, out, out_len}, access);
}

KCAPI_EXPORT ssize_t kcapi_cipher_decrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                          const uint8_t *iv, uint8_t *out, size_t out_len, int access) {
    return crypt(handle, alg::op_code::decrypt, {in, in_len, iv, out, out_len}, access);
}

KCAPI_EXPORT ssize_t kcapi_cipher_encrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                              struct iovec *out_iov, size_t iov_len, const uint8_t *iv,
                                              int access) {
    return crypt_each(handle, alg::op_code::encrypt, in_iov, out_iov, iov_len, iv, access);
}

KCAPI_EXPORT ssize_t kcapi_cipher_decrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov,
                                              struct iovec *out_iov, size_t iov_len, const uint8_t *iv,
                                              int access) {
    return crypt_each(handle, alg::op_code::decrypt, in_iov, out_iov, iov_len, iv, access);
}

KCAPI_EXPORT ssize_t kcapi_cipher_stream_init_enc(struct kcapi_handle *handle, const uint8_t *iv,
                                                  struct iovec *iov, size_t iov_len) {
    return stream_start(handle, alg::op_code::encrypt, iv, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_cipher_stream_init_dec(struct kcapi_handle *handle, const uint8_t *iv,
                                                  struct iovec *iov, size_t iov_len) {
    return stream_start(handle, alg::op_code::decrypt, iv, iov, iov_len);
}

KCAPI_EXPORT ssize_t kcapi_cipher_stream_update(struct kcapi_handle *handle, struct iovec *iov,
                                                size_t iov_len) {
    return stream_update(handle, alg::kind::skcipher, iov, iov_len, true);
}

KCAPI_EXPORT ssize_t kcapi_cipher_stream_update_last(struct kcapi_handle *handle, struct iovec *iov,
                                                     size_t iov_len) {
    return stream_update(handle, alg::kind::skcipher, iov, iov_len, false);
}

KCAPI_EXPORT ssize_t kcapi_cipher_stream_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len) {
    return guarded(handle, alg::kind::skcipher, [&](kcapi_handle &h) -> result<std::size_t> {
        if (iov == nullptr || iov_len == 0)
            return error{EINVAL, "stream_op: no buffers"};
        const result<base::iov_list> list = checked_list(iov, iov_len);
        if (!list)
            return list.error();
        return h.session.collect(*list);
    });
}

KCAPI_EXPORT ssize_t kcapi_cipher_enc_aes_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *iv, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("cbc(aes)", alg::op_code::encrypt, key, key_len, {in, in_len, iv, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_dec_aes_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *iv, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("cbc(aes)", alg::op_code::decrypt, key, key_len, {in, in_len, iv, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_enc_aes_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *ctr, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("ctr(aes)", alg::op_code::encrypt, key, key_len, {in, in_len, ctr, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_dec_aes_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *ctr, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("ctr(aes)", alg::op_code::decrypt, key, key_len, {in, in_len, ctr, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_enc_sm4_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *iv, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("cbc(sm4)", alg::op_code::encrypt, key, key_len, {in, in_len, iv, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_dec_sm4_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *iv, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("cbc(sm4)", alg::op_code::decrypt, key, key_len, {in, in_len, iv, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_enc_sm4_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *ctr, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("ctr(sm4)", alg::op_code::encrypt, key, key_len, {in, in_len, ctr, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_cipher_dec_sm4_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                              size_t in_len, const uint8_t *ctr, uint8_t *out,
                                              size_t out_len) {
    return crypt_once("ctr(sm4)", alg::op_code::decrypt, key, key_len, {in, in_len, ctr, out, out_len});
}
