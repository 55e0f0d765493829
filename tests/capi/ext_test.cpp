// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: which engine and driver serve, how a program chooses, and the text of an error.
#include "capi/differences.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <cstring>
#include <thread>

using namespace kcapi::test;

namespace {

/// The engine of the environment, as kcapi_ext_set_engine takes it: what a test changed is put back to it.
kcapi_ext_engine environment_engine() {
    if (engine_under_test() == "local")
        return KCAPI_EXT_ENGINE_LOCAL;
    return engine_under_test() == "kernel" ? KCAPI_EXT_ENGINE_KERNEL : KCAPI_EXT_ENGINE_AUTO;
}

class engine_choice_test : public testing::Test {
  protected:
    ~engine_choice_test() override { EXPECT_EQ(kcapi_ext_set_engine(environment_engine()), 0); }
};

const char *const aes_modes[] = {"ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)", "cts(cbc(aes))"};

} // namespace

TEST(served_by, is_the_expected_engine_for_each_algorithm) {
    for (const char *const name : aes_modes) {
        const cipher c(name);
        ASSERT_NE(kcapi_ext_engine_name(c.get()), nullptr);
        EXPECT_STREQ(kcapi_ext_engine_name(c.get()), serving_engine()) << name;
        EXPECT_STREQ(kcapi_ext_algorithm_name(c.get()), name);
    }
}

TEST(served_by, names_the_driver_and_a_handle_can_be_made_by_that_name) {
    for (const char *const name : aes_modes) {
        const cipher c(name);
        ASSERT_NE(kcapi_ext_driver_name(c.get()), nullptr);
        const std::string driver = kcapi_ext_driver_name(c.get());
        EXPECT_NE(driver, "") << name;
        EXPECT_NE(driver, name);
        const cipher same(driver.c_str());
        EXPECT_STREQ(kcapi_ext_driver_name(same.get()), driver.c_str());
        EXPECT_STREQ(kcapi_ext_algorithm_name(same.get()), name);
        EXPECT_STREQ(kcapi_ext_engine_name(same.get()), serving_engine());
    }
}

TEST(served_by, is_inherited_by_handles_of_reinit) {
    const cipher c("ctr(aes)");
    const cipher second(c, 0);
    EXPECT_STREQ(kcapi_ext_engine_name(second.get()), serving_engine());
    EXPECT_STREQ(kcapi_ext_driver_name(second.get()), kcapi_ext_driver_name(c.get()));
    EXPECT_STREQ(kcapi_ext_algorithm_name(second.get()), "ctr(aes)");
}

TEST_F(engine_choice_test, local_serves_where_it_is_chosen) {
    kcapi_handle *h = nullptr;
    ASSERT_EQ(kcapi_ext_cipher_init(&h, "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), 0) << kcapi_ext_last_error();
    EXPECT_STREQ(kcapi_ext_engine_name(h), "local");
    kcapi_cipher_destroy(h);

    ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_LOCAL), 0);
    const cipher c("cbc(aes)");
    EXPECT_STREQ(kcapi_ext_engine_name(c.get()), "local");
}

TEST_F(engine_choice_test, kernel_serves_where_it_is_chosen_or_says_why_not) {
    const std::optional<int> refusal = kernel_refusal();
    kcapi_handle *h = nullptr;
    const int r = kcapi_ext_cipher_init(&h, "cbc(aes)", 0, KCAPI_EXT_ENGINE_KERNEL);
    ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_KERNEL), 0);
    kcapi_handle *by_process = nullptr;
    const int by_process_result = kcapi_cipher_init(&by_process, "cbc(aes)", 0);
    if (refusal) {
        EXPECT_EQ(r, -*refusal);
        EXPECT_EQ(by_process_result, -*refusal);
        EXPECT_EQ(h, nullptr) << "written on success only";
        EXPECT_EQ(by_process, nullptr);
        return;
    }
    ASSERT_EQ(r, 0) << kcapi_ext_last_error();
    ASSERT_EQ(by_process_result, 0) << kcapi_ext_last_error();
    EXPECT_STREQ(kcapi_ext_engine_name(h), "kernel");
    EXPECT_STREQ(kcapi_ext_engine_name(by_process), "kernel");
    kcapi_cipher_destroy(h);
    kcapi_cipher_destroy(by_process);
}

TEST_F(engine_choice_test, auto_serves_an_algorithm_of_the_local_engine_locally) {
    ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_AUTO), 0);
    const cipher c("xts(aes)");
    EXPECT_STREQ(kcapi_ext_engine_name(c.get()), "local");
    kcapi_handle *h = nullptr;
    ASSERT_EQ(kcapi_ext_cipher_init(&h, "xts(aes)", 0, KCAPI_EXT_ENGINE_AUTO), 0);
    EXPECT_STREQ(kcapi_ext_engine_name(h), "local");
    kcapi_cipher_destroy(h);
}

TEST_F(engine_choice_test, applies_to_functions_without_a_handle) {
    ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_LOCAL), 0);
    octets out(16);
    EXPECT_EQ(kcapi_cipher_enc_aes_cbc(key_16().data(), 16, iv_16().data(), 16, nullptr, out.data(), 16), 16);
    ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_KERNEL), 0);
    const std::optional<int> refusal = kernel_refusal();
    EXPECT_EQ(kcapi_cipher_enc_aes_cbc(key_16().data(), 16, iv_16().data(), 16, nullptr, out.data(), 16),
              refusal ? -*refusal : 16);
}

TEST_F(engine_choice_test, refuses_an_unknown_value_and_stays) {
    ASSERT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_LOCAL), 0);
    EXPECT_EQ(kcapi_ext_set_engine(static_cast<kcapi_ext_engine>(3)), -EINVAL);
    kcapi_handle *h = nullptr;
    EXPECT_EQ(kcapi_ext_cipher_init(&h, "cbc(aes)", 0, static_cast<kcapi_ext_engine>(3)), -EINVAL);
    EXPECT_EQ(h, nullptr);
    const cipher c("cbc(aes)");
    EXPECT_STREQ(kcapi_ext_engine_name(c.get()), "local");
}

TEST(last_error, tells_the_last_failure_of_the_thread_and_outlives_success) {
    EXPECT_EQ(kcapi_cipher_setkey(nullptr, nullptr, 0), -EINVAL);
    const std::string text = kcapi_ext_last_error();
    EXPECT_NE(text.find("EINVAL"), std::string::npos) << text;
    const cipher c("cbc(aes)", key_16());
    EXPECT_EQ(kcapi_ext_last_error(), text);
    octets out(16);
    EXPECT_EQ(kcapi_cipher_encrypt(c.get(), out.data(), 16, nullptr, nullptr, 16, 0), -EFAULT);
    EXPECT_NE(std::string(kcapi_ext_last_error()).find("EFAULT"), std::string::npos);
    std::thread([] { EXPECT_STREQ(kcapi_ext_last_error(), "") << "none failed in this thread"; }).join();
}

TEST(chunked_iv, starts_every_16_pages_from_the_callers_iv_again) {
    constexpr std::size_t chunk = 65536;
    const octets in = pattern(2 * chunk + 4096);
    for (const char *const name : {"cbc(aes)", "ctr(aes)", "xts(aes)"}) {
        const octets &key = std::strcmp(name, "xts(aes)") == 0 ? key_64() : key_32();
        octets expected;
        for (std::size_t at = 0; at < in.size(); at += chunk)
            expected = std::move(expected) + reference(name, way::encrypt, key, iv_16(),
                                                       slice(in, at, std::min(chunk, in.size() - at)));
        cipher c(name, key);
        ASSERT_EQ(kcapi_ext_set_chunked_iv(c.get(), 1), 0);
        EXPECT_TRUE(c.encrypted(in, iv_16()) == expected) << name;
        EXPECT_TRUE(c.decrypted(expected, iv_16()) == in) << name << ": data of the original are read";

        cipher inherited(c, 0);
        EXPECT_TRUE(inherited.decrypted(expected, iv_16()) == in) << name;

        ASSERT_EQ(kcapi_ext_set_chunked_iv(c.get(), 0), 0);
        EXPECT_TRUE(c.encrypted(in, iv_16()) == reference(name, way::encrypt, key, iv_16(), in)) << name;
    }
}

TEST(chunked_iv, changes_nothing_up_to_16_pages_or_without_an_iv) {
    cipher c("cbc(aes)", key_16());
    ASSERT_EQ(kcapi_ext_set_chunked_iv(c.get(), 7), 0) << "anything but 0 is yes";
    const octets one = pattern(65536);
    EXPECT_TRUE(c.encrypted(one, iv_16()) == reference("cbc(aes)", way::encrypt, key_16(), iv_16(), one));
    cipher fresh("cbc(aes)", key_16());
    ASSERT_EQ(kcapi_ext_set_chunked_iv(fresh.get(), 1), 0);
    const octets in = pattern(200000);
    EXPECT_TRUE(fresh.encrypted(in, {}) == reference("cbc(aes)", way::encrypt, key_16(), octets(16), in));
}

TEST(chunked_iv, fails_where_a_piece_of_the_original_failed) {
    // 65536 whole bytes and one more: the last piece is no block.
    cipher c("cbc(aes)", key_16());
    ASSERT_EQ(kcapi_ext_set_chunked_iv(c.get(), 1), 0);
    octets out;
    EXPECT_EQ(c.encrypt(pattern(65537), iv_16(), out), -EINVAL);
    const octets in = pattern(32);
    EXPECT_EQ(c.encrypted(in, iv_16()), reference("cbc(aes)", way::encrypt, key_16(), iv_16(), in));
}
