// SPDX-License-Identifier: BSD-3-Clause
//
// Message digests without a handle: each call opens the hash, takes the digest of one message, and forgets
// it.
#include "capi/boundary.hpp"
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

/// The digest under a key, or without one if `key` is none.
ssize_t digest_once(const char *name, const message &m,
                    const std::optional<base::bytes> &key = std::nullopt) {
    return guarded([&]() -> result<std::size_t> {
        const result<base::bytes> data = hash_input(m.in, m.in_len);
        if (!data)
            return data.error();
        if (const result<base::mutable_bytes> room = hash_output(m.out, m.out_len, 1); !room)
            return room.error();
        if (key && key->data() == nullptr && !key->empty())
            return error{EFAULT, "NULL key with a length"};
        const result<runtime::opened> o = open_algorithm(alg::kind::hash, name);
        if (!o)
            return o.error();
        if (key)
            if (const result<std::uint32_t> r = o->transform->set(alg::parameter::key, *key); !r)
                return r.error();
        const result<std::unique_ptr<alg::operation>> op = o->transform->accept();
        if (!op)
            return op.error();
        const iovec in = base::to_iovec(*data);
        const iovec out = base::to_iovec(*hash_output(m.out, m.out_len, o->transform->info().digest_size));
        return (*op)->crypt({.in = {&in, 1}, .out = {&out, 1}});
    });
}

} // namespace

KCAPI_EXPORT ssize_t kcapi_md_sha1(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha1", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha224(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha224", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha256(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha256", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha384(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha384", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha512(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha512", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sm3(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sm3", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_224(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha3-224", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_256(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha3-256", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_384(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha3-384", {in, in_len, out, out_len});
}

KCAPI_EXPORT ssize_t kcapi_md_sha3_512(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len) {
    return digest_once("sha3-512", {in, in_len, out, out_len});
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
