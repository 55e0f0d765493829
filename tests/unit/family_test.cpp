// SPDX-License-Identifier: BSD-3-Clause
//
// A handle of one family given to the functions of another: -EINVAL or 0, and the handle is unharmed.
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <functional>

namespace {

constexpr int untouched = 4711;

std::uint8_t b[100];
iovec v{b, 64};

struct named_call {
    const char *family;
    const char *name;
    std::function<ssize_t(kcapi_handle *)> call;
};

#define CALL(family, name, ...)                                                                              \
    named_call {                                                                                             \
#family, #name, [](kcapi_handle * h) -> ssize_t { return kcapi_##family##_##name(h, __VA_ARGS__); }  \
    }
#define SIZE(family, name)                                                                                   \
    named_call {                                                                                             \
#family, #name, [](kcapi_handle * h) -> ssize_t { return kcapi_##family##_##name(h); }               \
    }

const named_call numbers[] = {
    CALL(cipher, setkey, b, 16),
    CALL(cipher, encrypt, b, 16, b, b, 16, 0),
    CALL(cipher, decrypt, b, 16, b, b, 16, 0),
    CALL(cipher, encrypt_aio, &v, &v, 1, b, 0),
    CALL(cipher, decrypt_aio, &v, &v, 1, b, 0),
    CALL(cipher, stream_init_enc, b, &v, 1),
    CALL(cipher, stream_init_dec, b, &v, 1),
    CALL(cipher, stream_update, &v, 1),
    CALL(cipher, stream_update_last, &v, 1),
    CALL(cipher, stream_op, &v, 1),
    CALL(aead, setkey, b, 16),
    CALL(aead, settaglen, 16),
    CALL(aead, encrypt, b, 16, b, b, 64, 0),
    CALL(aead, decrypt, b, 64, b, b, 64, 0),
    CALL(aead, encrypt_aio, &v, &v, 1, b, 0),
    CALL(aead, decrypt_aio, &v, &v, 1, b, 0),
    CALL(aead, stream_init_enc, b, &v, 1),
    CALL(aead, stream_init_dec, b, &v, 1),
    CALL(aead, stream_update, &v, 1),
    CALL(aead, stream_update_last, &v, 1),
    CALL(aead, stream_op, &v, 1),
    CALL(md, setkey, b, 16),
    CALL(md, update, b, 16),
    CALL(md, final, b, 32),
    CALL(md, digest, b, 16, b, 32),
    CALL(rng, seed, b, 16),
    CALL(rng, setentropy, b, 16),
    CALL(rng, setaddtl, b, 16),
    CALL(rng, generate, b, 16),
    named_call{"md", "kdf_ctr", [](kcapi_handle *h) { return kcapi_kdf_ctr(h, b, 40, b, 40); }},
    named_call{"md", "kdf_fb", [](kcapi_handle *h) { return kcapi_kdf_fb(h, b, 40, b, 40); }},
    named_call{"md", "kdf_dpi", [](kcapi_handle *h) { return kcapi_kdf_dpi(h, b, 40, b, 40); }},
};

const named_call sizes[] = {
    SIZE(cipher, ivsize),
    SIZE(cipher, blocksize),
    SIZE(aead, ivsize),
    SIZE(aead, blocksize),
    SIZE(aead, authsize),
    SIZE(md, digestsize),
    SIZE(md, blocksize),
    SIZE(rng, seedsize),
    CALL(aead, inbuflen_enc, 1, 2, 3),
    CALL(aead, inbuflen_dec, 1, 2, 3),
    CALL(aead, outbuflen_enc, 1, 2, 3),
    CALL(aead, outbuflen_dec, 1, 2, 3),
};

void expect_refused(kcapi_handle *h, const char *family) {
    for (const named_call &c : numbers)
        if (family == nullptr || std::strcmp(c.family, family) != 0) {
            errno = untouched;
            EXPECT_EQ(c.call(h), -EINVAL) << c.family << ' ' << c.name;
            EXPECT_EQ(errno, untouched) << c.name;
        }
    for (const named_call &c : sizes)
        if (family == nullptr || std::strcmp(c.family, family) != 0) {
            EXPECT_EQ(c.call(h), 0) << c.family << ' ' << c.name;
        }
}

} // namespace

TEST(family, handles_of_others_are_einval_and_unharmed) {
    kcapi_handle *aead = nullptr, *hash = nullptr, *rng = nullptr;
    ASSERT_EQ(kcapi_aead_init(&aead, "toy-aead", 0), 0);
    ASSERT_EQ(kcapi_md_init(&hash, "sha256", 0), 0);
    ASSERT_EQ(kcapi_rng_init(&rng, "toy-rng", 0), 0);
    expect_refused(aead, "aead");
    expect_refused(hash, "md");
    expect_refused(rng, "rng");
    // A length set through the wrong family would show in the next message.
    kcapi_aead_setassoclen(hash, 99);
    std::uint8_t *none = nullptr;
    std::size_t length = 5;
    kcapi_aead_getdata_input(hash, b, 64, 0, &none, &length, &none, &length, &none, &length);
    kcapi_aead_getdata_output(rng, b, 64, 0, &none, &length, &none, &length, &none, &length);
    EXPECT_EQ(none, nullptr);
    EXPECT_EQ(length, 5U);
    EXPECT_EQ(kcapi_aead_setkey(aead, b, 16), 0) << "no operation was begun on it";
    EXPECT_EQ(kcapi_md_digest(hash, b, 1, b + 50, 32), 32);
    EXPECT_EQ(kcapi_rng_seed(rng, b, 16), 0);
    // Any destroy function ends any handle.
    kcapi_cipher_destroy(aead);
    kcapi_rng_destroy(hash);
    kcapi_md_destroy(rng);
}

TEST(family, no_handle_is_einval_everywhere) { expect_refused(nullptr, nullptr); }
