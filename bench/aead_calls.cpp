// SPDX-License-Identifier: BSD-3-Clause
#include "aead_calls.hpp"

#include <kcapi.h>
#include <kcapi_ext.h>
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

constexpr std::size_t nonce_size = 12;

[[noreturn, gnu::cold]] void fail(const char *what) {
    std::fprintf(stderr, "%s failed\n", what);
    std::exit(EXIT_FAILURE);
}

using shared_handle = std::shared_ptr<kcapi_handle>;

shared_handle keyed(const subject &s) {
    kcapi_handle *h = nullptr;
    if (kcapi_ext_init(&h, "aead", s.algorithm, 0, KCAPI_EXT_ENGINE_LOCAL) != 0 ||
        kcapi_aead_setkey(h, key().data(), static_cast<std::uint32_t>(s.key_size)) != 0 ||
        kcapi_aead_settaglen(h, tag_size) != 0)
        fail(kcapi_ext_last_error());
    return {h, kcapi_aead_destroy};
}

} // namespace

batch kcapi_seal(const bench_case &c, const buffers &data) {
    return [h = keyed(*c.what), data](std::size_t calls) {
        kcapi_ext_message m{};
        m.iv = iv.data();
        m.iv_len = nonce_size;
        m.assoc = assoc.data();
        m.assoc_len = assoc.size();
        m.in = data->in.data();
        m.in_len = data->in.size();
        m.out = data->out.data();
        m.out_len = data->in.size();
        m.tag = data->out.data() + data->in.size();
        m.tag_len = tag_size;
        for (std::size_t i = 0; i < calls; ++i)
            if (kcapi_ext_batch(h.get(), KCAPI_EXT_ENCRYPT, &m, sizeof m, 1) != 1)
                fail(kcapi_ext_last_error());
    };
}

batch evp_seal(const bench_case &c, const buffers &data) {
    const std::shared_ptr<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, c.what->openssl_name, nullptr),
                                             EVP_CIPHER_free);
    const std::shared_ptr<EVP_CIPHER_CTX> context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    if (cipher == nullptr || context == nullptr ||
        EVP_EncryptInit_ex(context.get(), cipher.get(), nullptr, key().data(), iv.data()) != 1)
        fail(c.what->openssl_name);
    return [context, data](std::size_t calls) {
        EVP_CIPHER_CTX *const x = context.get();
        const int size = static_cast<int>(data->in.size());
        std::uint8_t *const tag = data->out.data() + data->in.size();
        int n = 0;
        for (std::size_t i = 0; i < calls; ++i)
            if (EVP_EncryptInit_ex(x, nullptr, nullptr, nullptr, iv.data()) != 1 ||
                EVP_EncryptUpdate(x, nullptr, &n, assoc.data(), assoc_size) != 1 ||
                EVP_EncryptUpdate(x, data->out.data(), &n, data->in.data(), size) != 1 ||
                EVP_EncryptFinal_ex(x, tag, &n) != 1 ||
                EVP_CIPHER_CTX_ctrl(x, EVP_CTRL_AEAD_GET_TAG, tag_size, tag) != 1)
                fail("EVP");
    };
}

} // namespace bench
