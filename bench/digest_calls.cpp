// SPDX-License-Identifier: BSD-3-Clause
#include "digest_calls.hpp"

#include <kcapi.h>
#include <kcapi_ext.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

[[noreturn, gnu::cold]] void fail(const char *what) {
    std::fprintf(stderr, "%s failed\n", what);
    std::exit(EXIT_FAILURE);
}

using shared_handle = std::shared_ptr<kcapi_handle>;

shared_handle keyed(const subject &s) {
    kcapi_handle *h = nullptr;
    if (kcapi_ext_init(&h, "hash", s.algorithm, 0, KCAPI_EXT_ENGINE_LOCAL) != 0)
        fail(kcapi_ext_last_error());
    if (s.type == family::mac &&
        kcapi_md_setkey(h, key().data(), static_cast<std::uint32_t>(s.key_size)) != 0)
        fail(kcapi_ext_last_error());
    return {h, kcapi_md_destroy};
}

batch evp_macs(const bench_case &c, const buffers &data) {
    const std::shared_ptr<EVP_MAC> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
    const std::shared_ptr<EVP_MAC_CTX> context(EVP_MAC_CTX_new(mac.get()), EVP_MAC_CTX_free);
    std::string digest = c.what->openssl_name;
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_end()};
    if (context == nullptr ||
        EVP_MAC_init(context.get(), key().data(), c.what->key_size, parameters.data()) != 1)
        fail("EVP_MAC_init");
    return [context, data, size = c.size](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            for (std::size_t at = 0, place = 0; at < data->in.size(); at += size, place += longest_digest) {
                std::size_t n = 0;
                if (EVP_MAC_init(context.get(), nullptr, 0, nullptr) != 1 ||
                    EVP_MAC_update(context.get(), data->in.data() + at, size) != 1 ||
                    EVP_MAC_final(context.get(), data->out.data() + place, &n, longest_digest) != 1)
                    fail("EVP_MAC");
            }
    };
}

} // namespace

batch kcapi_digests(const bench_case &c, const buffers &data) {
    const shared_handle h = keyed(*c.what);
    const std::size_t digest = kcapi_md_digestsize(h.get());
    if (c.how == path::one_shot)
        return [h, data, digest](std::size_t calls) {
            for (std::size_t i = 0; i < calls; ++i)
                if (kcapi_md_digest(h.get(), data->in.data(), data->in.size(), data->out.data(), digest) !=
                    static_cast<ssize_t>(digest))
                    fail(kcapi_ext_last_error());
        };
    std::array<kcapi_ext_message, batch_messages> messages{};
    for (std::size_t i = 0; i < batch_messages; ++i) {
        messages[i].in = data->in.data() + i * c.size;
        messages[i].in_len = c.size;
        messages[i].out = data->out.data() + i * longest_digest;
        messages[i].out_len = digest;
    }
    return [h, data, messages](std::size_t calls) mutable {
        for (std::size_t i = 0; i < calls; ++i)
            if (kcapi_ext_batch(h.get(), KCAPI_EXT_DIGEST, messages.data(), sizeof messages[0],
                                messages.size()) != static_cast<ssize_t>(messages.size()))
                fail(kcapi_ext_last_error());
    };
}

batch evp_digests(const bench_case &c, const buffers &data) {
    if (c.what->type == family::mac)
        return evp_macs(c, data);
    const std::shared_ptr<EVP_MD> md(EVP_MD_fetch(nullptr, c.what->openssl_name, nullptr), EVP_MD_free);
    const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    if (md == nullptr || context == nullptr)
        fail(c.what->openssl_name);
    return [md, context, data, size = c.size](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            for (std::size_t at = 0, place = 0; at < data->in.size(); at += size, place += longest_digest)
                if (EVP_DigestInit_ex(context.get(), md.get(), nullptr) != 1 ||
                    EVP_DigestUpdate(context.get(), data->in.data() + at, size) != 1 ||
                    EVP_DigestFinal_ex(context.get(), data->out.data() + place, nullptr) != 1)
                    fail("EVP_Digest");
    };
}

} // namespace bench
