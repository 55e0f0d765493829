// SPDX-License-Identifier: BSD-3-Clause
//
// Message digests without a handle: each call takes the digest of one message. A hash without key may be kept
// from one call to the next; with a key it is opened for the call and forgotten.
#include "capi/boundary.hpp"
#include "capi/kept_hash.hpp"
#include "capi/md.hpp"
#include "capi/open.hpp"

using namespace kcapi;
using namespace kcapi::capi;

namespace {

struct message {
    const std::uint8_t *in;
    std::size_t in_len;
    std::uint8_t *out;
    std::size_t out_len;
};

result<base::bytes> checked_input(const message &m) noexcept {
    const result<base::bytes> data = hash_input(m.in, m.in_len);
    if (data)
        if (const result<base::mutable_bytes> room = hash_output(m.out, m.out_len, 1); !room)
            return room.error();
    return data;
}

result<std::size_t> digest_by(alg::operation &op, base::bytes data, const message &m,
                              std::uint32_t digest_size) {
    const iovec in = base::to_iovec(data);
    const iovec out = base::to_iovec(*hash_output(m.out, m.out_len, digest_size));
    return op.crypt({.in = {&in, 1}, .out = {&out, 1}});
}

ssize_t digest_once(kept_hash &hash, const message &m) {
    return guarded([&]() -> result<std::size_t> {
        const result<base::bytes> data = checked_input(m);
        if (!data)
            return data.error();
        if (const std::optional<std::size_t> done = hash.digest(*data, {m.out, m.out_len}))
            return *done;
        const int mark = runtime::default_engine_mark();
        result<runtime::opened> o = open_algorithm(alg::kind::hash, hash.name());
        if (!o)
            return o.error();
        result<std::unique_ptr<alg::operation>> op = o->transform->accept();
        if (!op)
            return op.error();
        const std::uint32_t digest_size = o->transform->info().digest_size;
        result<std::size_t> done = digest_by(**op, *data, m, digest_size);
        o->transform.reset();
        if (done)
            hash.keep(std::move(*op), digest_size, mark);
        return done;
    });
}

ssize_t digest_once(const char *name, const message &m, base::bytes key) {
    return guarded([&]() -> result<std::size_t> {
        const result<base::bytes> data = checked_input(m);
        if (!data)
            return data.error();
        if (key.data() == nullptr && !key.empty())
            return error{EFAULT, "NULL key with a length"};
        const result<runtime::opened> o = open_algorithm(alg::kind::hash, name);
        if (!o)
            return o.error();
        if (const result<std::uint32_t> r = o->transform->set(alg::parameter::key, key); !r)
            return r.error();
        const result<std::unique_ptr<alg::operation>> op = o->transform->accept();
        if (!op)
            return op.error();
        return digest_by(**op, *data, m, o->transform->info().digest_size);
    });
}

constinit kept_hash sha1("sha1");
constinit kept_hash sha224("sha224");
constinit kept_hash sha256("sha256");
constinit kept_hash sha384("sha384");
constinit kept_hash sha512("sha512");
constinit kept_hash sm3("sm3");
constinit kept_hash sha3_224("sha3-224");
constinit kept_hash sha3_256("sha3-256");
constinit kept_hash sha3_384("sha3-384");
constinit kept_hash sha3_512("sha3-512");

} // namespace

KCAPI_EXPORT ssize_t kcapi_md_sha1(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha1, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha224(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha224, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha256(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha256, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha384(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha384, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha512(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha512, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sm3(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sm3, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_224(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha3_224, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_256(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha3_256, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_384(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha3_384, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_512(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once(sha3_512, {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_hmac_sha1(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                        size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("hmac(sha1)", {in, in_len, out, out_len}, base::bytes(key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_md_hmac_sha224(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                          size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("hmac(sha224)", {in, in_len, out, out_len}, base::bytes(key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_md_hmac_sha256(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                          size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("hmac(sha256)", {in, in_len, out, out_len}, base::bytes(key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_md_hmac_sha384(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                          size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("hmac(sha384)", {in, in_len, out, out_len}, base::bytes(key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_md_hmac_sha512(const uint8_t *key, uint32_t key_len, const uint8_t *in,
                                          size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("hmac(sha512)", {in, in_len, out, out_len}, base::bytes(key, key_len));
}

KCAPI_EXPORT ssize_t kcapi_md_hmac_sm3(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                       uint8_t *out, size_t out_len) {
    return digest_once("hmac(sm3)", {in, in_len, out, out_len}, base::bytes(key, key_len));
}
