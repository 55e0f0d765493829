// SPDX-License-Identifier: BSD-3-Clause
//
// A handle of one family given to the functions of another: -EINVAL or 0, and the handle is unharmed.
#include "support/family_calls.hpp"
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>

using namespace kcapi::test;

namespace {

constexpr int untouched = 4711;

std::uint8_t *const b = call_data.data();

void expect_refused(kcapi_handle *h, const char *family) {
    for (const family_call &c : calls_with_a_number())
        if (family == nullptr || std::strcmp(c.family, family) != 0) {
            errno = untouched;
            EXPECT_EQ(c.call(h), -EINVAL) << c.name;
            EXPECT_EQ(errno, untouched) << c.name;
        }
    for (const family_call &c : calls_with_a_size())
        if (family == nullptr || std::strcmp(c.family, family) != 0) {
            EXPECT_EQ(c.call(h), 0) << c.name;
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
