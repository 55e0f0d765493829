// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: handles of any family, what an algorithm is, and which there are.
#include "capi/support.hpp"

#include <cstring>
#include <string>
#include <vector>

using namespace kcapi::test;

namespace {

struct listed {
    std::string type, name, driver_name, engine;
    std::uint32_t self_test;
};

int remember(void *to, const kcapi_ext_algorithm *a) {
    static_cast<std::vector<listed> *>(to)->push_back(
        {a->type, a->name, a->driver_name, a->engine, a->self_test});
    return 0;
}

int end_at_the_second(void *count, const kcapi_ext_algorithm *) {
    return ++*static_cast<int *>(count) == 2 ? 7 : 0;
}

} // namespace

TEST(ext_init, makes_a_handle_by_the_name_of_its_type) {
    kcapi_handle *h = nullptr;
    ASSERT_EQ(kcapi_ext_init(&h, "skcipher", "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), 0)
        << kcapi_ext_last_error();
    EXPECT_STREQ(kcapi_ext_engine_name(h), "local");
    EXPECT_EQ(kcapi_cipher_ivsize(h), 16U);
    kcapi_cipher_destroy(h);
    ASSERT_EQ(kcapi_ext_init(&h, "skcipher", "cbc(aes)", 0, KCAPI_EXT_ENGINE_DEFAULT), 0);
    kcapi_cipher_destroy(h);
}

TEST(ext_init, refuses_what_it_does_not_know) {
    kcapi_handle *h = nullptr;
    EXPECT_EQ(kcapi_ext_init(&h, "cipher", "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(&h, nullptr, "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(&h, "skcipher", nullptr, 0, KCAPI_EXT_ENGINE_LOCAL), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(nullptr, "skcipher", "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(&h, "skcipher", "cbc(aes)", 0, static_cast<kcapi_ext_engine>(3)), -EINVAL);
    EXPECT_EQ(kcapi_ext_init(&h, "hash", "no-such-hash", 0, KCAPI_EXT_ENGINE_LOCAL), -ENOENT);
    EXPECT_EQ(h, nullptr);
    EXPECT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_DEFAULT), -EINVAL);
}

TEST(ext_describe, tells_type_names_and_sizes) {
    const cipher c("xts(aes)");
    kcapi_ext_algorithm a{};
    ASSERT_EQ(kcapi_ext_describe(c.get(), &a, sizeof a), 0);
    EXPECT_STREQ(a.type, "skcipher");
    EXPECT_STREQ(a.name, "xts(aes)");
    EXPECT_STREQ(a.driver_name, kcapi_ext_driver_name(c.get()));
    EXPECT_STREQ(a.engine, kcapi_ext_engine_name(c.get()));
    EXPECT_EQ(a.block_size, 16U);
    EXPECT_EQ(a.iv_size, 16U);
    EXPECT_EQ(a.min_key_size, 32U);
    EXPECT_EQ(a.max_key_size, 64U);
    EXPECT_EQ(a.digest_size, 0U);
    EXPECT_EQ(a.chunk_size, 16U);
    EXPECT_EQ(a.self_test, static_cast<unsigned>(KCAPI_EXT_SELF_TEST_PASSED));
}

TEST(ext_describe, serves_programs_with_a_shorter_and_a_longer_struct) {
    const cipher c("cbc(aes)");
    kcapi_ext_algorithm a{};
    std::memset(&a, 0x55, sizeof a);
    ASSERT_EQ(kcapi_ext_describe(c.get(), &a, offsetof(kcapi_ext_algorithm, name)), 0);
    EXPECT_STREQ(a.type, "skcipher");
    EXPECT_EQ(a.block_size, 0x55555555U) << "beyond the size that was given";
    struct {
        kcapi_ext_algorithm known;
        std::uint32_t later = 1;
    } longer{};
    ASSERT_EQ(kcapi_ext_describe(c.get(), &longer.known, sizeof longer), 0);
    EXPECT_EQ(longer.later, 0U);
    EXPECT_EQ(kcapi_ext_describe(c.get(), nullptr, sizeof a), -EFAULT);
    EXPECT_EQ(kcapi_ext_describe(nullptr, &a, sizeof a), -EINVAL);
}

TEST(ext_list, names_what_init_can_make_and_says_of_the_others_that_it_cannot) {
    std::vector<listed> all;
    ASSERT_EQ(kcapi_ext_list(KCAPI_EXT_ENGINE_LOCAL, remember, &all), 0);
    ASSERT_FALSE(all.empty());
    bool has_cbc = false;
    for (const listed &a : all) {
        EXPECT_EQ(a.engine, "local");
        has_cbc = has_cbc || (a.type == "skcipher" && a.name == "cbc(aes)");
        const bool usable =
            a.self_test == KCAPI_EXT_SELF_TEST_UNKNOWN || a.self_test == KCAPI_EXT_SELF_TEST_PASSED;
        kcapi_handle *h = nullptr;
        EXPECT_EQ(kcapi_ext_init(&h, a.type.c_str(), a.driver_name.c_str(), 0, KCAPI_EXT_ENGINE_LOCAL),
                  usable ? 0 : -ELIBBAD)
            << a.type << ' ' << a.driver_name;
        kcapi_cipher_destroy(h);
    }
    std::vector<listed> again;
    ASSERT_EQ(kcapi_ext_list(KCAPI_EXT_ENGINE_LOCAL, remember, &again), 0);
    for (const listed &a : again)
        EXPECT_NE(a.self_test, static_cast<unsigned>(KCAPI_EXT_SELF_TEST_UNKNOWN))
            << a.driver_name << " was used";
    EXPECT_TRUE(has_cbc);
    std::vector<listed> both;
    ASSERT_EQ(kcapi_ext_list(KCAPI_EXT_ENGINE_AUTO, remember, &both), 0);
    EXPECT_GE(both.size(), all.size());
    EXPECT_EQ(both.front().engine, "local");
}

TEST(ext_list, ends_when_told_and_refuses_nonsense) {
    int count = 0;
    EXPECT_EQ(kcapi_ext_list(KCAPI_EXT_ENGINE_LOCAL, end_at_the_second, &count), 7);
    EXPECT_EQ(count, 2);
    EXPECT_EQ(kcapi_ext_list(KCAPI_EXT_ENGINE_LOCAL, nullptr, nullptr), -EINVAL);
    EXPECT_EQ(kcapi_ext_list(static_cast<kcapi_ext_engine>(3), end_at_the_second, &count), -EINVAL);
}
