// SPDX-License-Identifier: BSD-3-Clause
#include "cxx/support.hpp"

#include <kcapi/kcapi.hpp>

#include <algorithm>

using namespace kcapi;
using namespace kcapi::test;

static_assert(!std::is_copy_constructible_v<cipher> && !std::is_copy_assignable_v<cipher>);
static_assert(std::is_nothrow_move_constructible_v<aead> && std::is_nothrow_move_assignable_v<aead>);
static_assert(!std::is_default_constructible_v<hash> && !std::is_default_constructible_v<rng>);
static_assert(!std::is_convertible_v<std::string_view, bytes>, "a text is no key by accident");
static_assert(!std::is_convertible_v<result<int>, bool>);

TEST(cxx_algorithms, are_listed_with_their_sizes) {
    const std::vector<algorithm> all = list_algorithms(engine::local).value();
    const auto found = std::find_if(all.begin(), all.end(), [](const algorithm &a) {
        return a.type == "skcipher" && a.name == "cbc(aes)";
    });
    ASSERT_NE(found, all.end());
    EXPECT_EQ(found->engine_name, "local");
    EXPECT_EQ(found->block_size, 16U);
    EXPECT_EQ(found->iv_size, 16U);
    EXPECT_EQ(found->min_key_size, 16U);
    EXPECT_EQ(found->max_key_size, 32U);
    EXPECT_FALSE(found->hardware);
}

TEST(cxx_algorithms, are_served_by_the_engine_that_is_asked) {
    const octets key(16);
    const result<cipher> kernel = cipher::create("cbc(aes)", key, {.on = engine::kernel});
    if (kernel) {
        EXPECT_EQ(kernel->engine_name(), "kernel");
    } else {
        EXPECT_NE(code_of(kernel), 0);
    }
    EXPECT_EQ(cipher::create("cbc(aes)", key, {.on = engine::local}).value().engine_name(), "local");
    EXPECT_TRUE(set_default_engine(engine::local));
    EXPECT_EQ(cipher::create("cbc(aes)", key).value().engine_name(), "local");
    EXPECT_EQ(code_of(set_default_engine(static_cast<engine>(9))), EINVAL);
}

TEST(cxx_result, keeps_value_or_number) {
    const result<int> good = 5;
    EXPECT_EQ(good.value(), 5);
    EXPECT_EQ(good.value_or(7), 5);
    const result<int> bad = error{EBADMSG, "somewhere"};
    EXPECT_FALSE(bad.has_value());
    EXPECT_EQ(bad.value_or(7), 7);
    EXPECT_EQ(bad.error().error_code(), std::errc::bad_message);
    try {
        (void)bad.value();
        FAIL() << "no exception";
    } catch (const kcapi::exception &e) {
        EXPECT_EQ(e.code().value(), EBADMSG);
        EXPECT_NE(std::string_view(e.what()).find("somewhere"), std::string_view::npos);
    }
    result<std::unique_ptr<int>> moves = std::make_unique<int>(3);
    EXPECT_EQ(*std::move(moves).value(), 3);
}

TEST(cxx_bytes, are_compared_in_constant_time) {
    const octets a = counting(33);
    octets b = a;
    EXPECT_TRUE(equal_in_constant_time(a, b));
    EXPECT_TRUE(equal_in_constant_time({}, {}));
    EXPECT_FALSE(equal_in_constant_time(a, bytes(b).first(32)));
    for (std::size_t i = 0; i < b.size(); ++i) {
        b[i] ^= 0x80;
        EXPECT_FALSE(equal_in_constant_time(a, b));
        b[i] ^= 0x80;
    }
    EXPECT_EQ(bytes_of("ab").size(), 2U);
}
