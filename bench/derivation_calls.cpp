// SPDX-License-Identifier: BSD-3-Clause
#include "derivation_calls.hpp"

#include <kcapi.h>
#include <kcapi_ext.h>
#include <openssl/evp.h>

#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

constexpr char password[] = "correct horse battery staple";
constexpr std::size_t password_size = sizeof password - 1;
constexpr std::size_t salt_size = 16; // the bytes of `iv`
constexpr std::size_t key_size = 20;  // a block of the shortest digest

[[noreturn, gnu::cold]] void fail(const char *what) {
    std::fprintf(stderr, "%s failed\n", what);
    std::exit(EXIT_FAILURE);
}

} // namespace

batch kcapi_derivation(const bench_case &c, const buffers &data) {
    if (kcapi_ext_set_engine(KCAPI_EXT_ENGINE_LOCAL) != 0)
        fail("kcapi_ext_set_engine");
    return [hash = c.what->algorithm, count = static_cast<std::uint32_t>(c.size), data](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            if (kcapi_pbkdf(hash, reinterpret_cast<const std::uint8_t *>(password), password_size, iv.data(),
                            salt_size, count, data->out.data(), key_size) != 0)
                fail(kcapi_ext_last_error());
    };
}

batch evp_derivation(const bench_case &c, const buffers &data) {
    const std::shared_ptr<EVP_MD> digest(EVP_MD_fetch(nullptr, c.what->openssl_name, nullptr), EVP_MD_free);
    if (digest == nullptr)
        fail(c.what->openssl_name);
    return [digest, count = static_cast<int>(c.size), data](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            if (PKCS5_PBKDF2_HMAC(password, password_size, iv.data(), salt_size, count, digest.get(),
                                  key_size, data->out.data()) != 1)
                fail("PKCS5_PBKDF2_HMAC");
    };
}

} // namespace bench
