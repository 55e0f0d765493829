// SPDX-License-Identifier: BSD-3-Clause
#include "evp_calls.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

[[noreturn, gnu::cold]] void fail(const char *what) {
    std::fprintf(stderr, "OpenSSL: %s failed\n", what);
    std::exit(EXIT_FAILURE);
}

using shared_cipher = std::shared_ptr<EVP_CIPHER>;
using shared_context = std::shared_ptr<EVP_CIPHER_CTX>;

shared_cipher fetch(const subject &s) {
    shared_cipher cipher(EVP_CIPHER_fetch(nullptr, s.openssl_name, nullptr), EVP_CIPHER_free);
    if (cipher == nullptr)
        fail(s.openssl_name);
    return cipher;
}

EVP_CIPHER_CTX *keyed(const subject &s, const EVP_CIPHER *cipher) {
    EVP_CIPHER_CTX *const context = EVP_CIPHER_CTX_new();
    const std::uint8_t *const its_iv = s.takes_iv ? iv.data() : nullptr;
    if (context == nullptr ||
        EVP_CipherInit_ex(context, cipher, nullptr, key().data(), its_iv, s.encrypt ? 1 : 0) != 1 ||
        EVP_CIPHER_CTX_set_padding(context, 0) != 1)
        fail("EVP_CipherInit_ex");
    return context;
}

shared_context share(const subject &s) { return {keyed(s, fetch(s).get()), EVP_CIPHER_CTX_free}; }

void restart(EVP_CIPHER_CTX *context) {
    if (EVP_CipherInit_ex(context, nullptr, nullptr, nullptr, iv.data(), -1) != 1)
        fail("EVP_CipherInit_ex");
}

void update(EVP_CIPHER_CTX *context, std::uint8_t *out, const std::uint8_t *in, std::size_t size) {
    int n = 0;
    if (EVP_CipherUpdate(context, out, &n, in, static_cast<int>(size)) != 1 || n != static_cast<int>(size))
        fail("EVP_CipherUpdate");
}

} // namespace

batch evp_message(const bench_case &c, const buffers &data) {
    return [context = share(*c.what), data, takes_iv = c.what->takes_iv](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i) {
            if (takes_iv)
                restart(context.get());
            update(context.get(), data->out.data(), data->in.data(), data->in.size());
        }
    };
}

batch evp_messages(const bench_case &c, const buffers &data) {
    return [context = share(*c.what), data, size = c.size](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            for (std::size_t done = 0; done < data->in.size(); done += size) {
                restart(context.get());
                update(context.get(), data->out.data() + done, data->in.data() + done, size);
            }
    };
}

batch evp_pieces(const bench_case &c, const buffers &data) {
    return [context = share(*c.what), data, continues = c.what->continues](std::size_t calls) {
        const std::size_t size = data->in.size();
        for (std::size_t i = 0; i < calls; ++i)
            for (std::size_t done = 0; done < size;) {
                const std::size_t n = std::min(piece_size, size - done);
                if (!continues)
                    restart(context.get());
                update(context.get(), data->out.data() + done, data->in.data() + done, n);
                done += n;
            }
    };
}

batch evp_set_up(const bench_case &c) {
    return [cipher = fetch(*c.what), s = c.what](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            EVP_CIPHER_CTX_free(keyed(*s, cipher.get()));
    };
}

} // namespace bench
