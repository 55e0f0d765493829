// SPDX-License-Identifier: BSD-3-Clause
//
// Symmetric ciphers.
#include "base/sys.hpp"
#include "capi/batch.hpp"
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

inline result<std::size_t> crypt_piece(session &s, const alg::control &header, const message &m, int access) {
    const iovec in = base::to_iovec(base::bytes(m.in, m.in_len));
    const iovec out = base::to_iovec(base::mutable_bytes(m.out, m.in_len));
    return s.crypt({.in = {&in, 1}, .out = {&out, 1}, .header = &header, .how = transfer_of(access)});
}

/// Whether the arguments name a message. One without length is none, and nothing is done for it.
inline result<void> check(const message &m) noexcept {
    if (m.out_len > INT_MAX)
        return error{EMSGSIZE, "outlen is above INT_MAX"};
    if (m.in_len == 0 || m.out_len == 0)
        return {};
    if (m.in == nullptr || m.out == nullptr)
        return error{EFAULT, "NULL buffer with a length"};
    if (m.out_len < m.in_len)
        return error{EINVAL, "outlen is below inlen"};
    return {};
}

inline result<std::size_t> crypt(session &s, alg::op_code op, const message &m, int access) {
    if (const result<void> r = check(m); !r)
        return r.error();
    if (m.in_len == 0 || m.out_len == 0)
        return 0U;
    return crypt_piece(s, header_of(s, op, m.iv), m, access);
}

/// The same with the IV anew for each piece.
[[gnu::noinline]] result<std::size_t> crypt_chunked(session &s, alg::op_code op, const message &m,
                                                    int access) {
    if (const result<void> r = check(m); !r)
        return r.error();
    if (m.in_len == 0 || m.out_len == 0)
        return 0U;
    const alg::control header = header_of(s, op, m.iv);
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
    return guarded(handle, alg::kind::skcipher, [&](kcapi_handle &h) {
        return h.chunked_iv ? crypt_chunked(h.session, op, m, access) : crypt(h.session, op, m, access);
    });
}

/// The messages of an aio call.
class batch {
  public:
    batch(kcapi_handle &h, alg::op_code op, base::iov_list in, base::iov_list out, const uint8_t *iv,
          int access) noexcept
        : handle_(h), op_(op), in_(in), out_(out), iv_(iv), access_(access) {}

    /// Whether all of them can be tried.
    result<void> check_all() const noexcept {
        if (const std::optional<std::size_t> sum = base::total_length(in_); !sum || *sum > INT_MAX)
            return error{EOVERFLOW, "aio: sum above INT_MAX"};
        for (std::size_t i = 0; i < in_.size(); ++i)
            if (const result<void> r = check(at(i)); !r)
                return r;
        return {};
    }

    result<std::size_t> run() {
        if (handle_.chunked_iv)
            return run_chunked();
        const alg::control header = header_of(handle_.session, op_, iv_);
        return submit_each(
            handle_.session, in_.size(),
            [&](std::size_t i, alg::request &request, iovec &output) {
                output = {out_[i].iov_base, in_[i].iov_len};
                request.in = in_.subspan(i, 1);
                request.header = &header;
                request.how = transfer_of(access_);
                return in_[i].iov_len != 0 && out_[i].iov_len != 0;
            },
            [](const result<std::size_t> &, const iovec &) {});
    }

  private:
    [[nodiscard]] message at(std::size_t i) const noexcept {
        return {static_cast<const uint8_t *>(in_[i].iov_base), in_[i].iov_len, iv_,
                static_cast<uint8_t *>(out_[i].iov_base), out_[i].iov_len};
    }

    result<std::size_t> run_chunked() {
        result<std::size_t> sum = 0U;
        for (std::size_t i = 0; i < in_.size(); ++i) {
            const result<std::size_t> r = crypt_chunked(handle_.session, op_, at(i), access_);
            if (sum)
                sum = r ? result<std::size_t>(*sum + *r) : r;
        }
        return sum;
    }

    kcapi_handle &handle_;
    const alg::op_code op_;
    const base::iov_list in_;
    const base::iov_list out_;
    const uint8_t *const iv_;
    const int access_;
};

ssize_t crypt_each(kcapi_handle *handle, alg::op_code op, const iovec *in, const iovec *out, size_t n,
                   const uint8_t *iv, int access) {
    return guarded(handle, alg::kind::skcipher, [&](kcapi_handle &h) -> result<std::size_t> {
        if (n == 0)
            return 0U;
        if (in == nullptr || out == nullptr)
            return error{EINVAL, "aio: iovec array is NULL"};
        batch messages(h, op, {in, n}, {out, n}, iv, access);
        if (const result<void> r = messages.check_all(); !r)
            return r.error();
        return messages.run();
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
        return crypt(s, op, m, KCAPI_ACCESS_HEURISTIC);
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
