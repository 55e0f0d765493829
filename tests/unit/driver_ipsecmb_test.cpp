// SPDX-License-Identifier: BSD-3-Clause
//
// AES over intel-ipsec-mb: against EVP and libcrypto's drivers, alone and in batches.
#include "drivers/ipsecmb/module.hpp"
#include "drivers/openssl/module.hpp"
#include "support/aead_under_test.hpp"
#include "support/mode_checks.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;
using local::skcipher_message;

namespace {

const local::driver &mode(const char *name) { return find_driver(*kcapi_driver_module_ipsecmb(), name); }

struct cbc_batch {
    std::vector<byte_vector> data;
    std::vector<local::chain> chains;
    std::vector<skcipher_message> messages;
};

/// Lengths of all sorts: mostly blocks, some empty, odd, or above what the library takes in a lane.
cbc_batch random_batch(std::size_t count, std::mt19937 &random) {
    cbc_batch b;
    b.chains.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t kind = random() % 20;
        const std::size_t length = kind == 0   ? 0
                                   : kind == 1 ? 1 + random() % 4000
                                   : kind == 2 ? 65536 + random() % 1000 * 16
                                               : 16 + random() % 300 * 16;
        byte_vector bytes(length);
        for (std::uint8_t &v : bytes)
            v = static_cast<std::uint8_t>(random());
        b.data.push_back(std::move(bytes));
        for (std::uint8_t &v : b.chains[i].iv)
            v = static_cast<std::uint8_t>(random());
    }
    return b;
}

void expect_as_one_by_one(std::size_t count, direction d, bool in_place, std::mt19937 &random) {
    const byte_vector key = pattern_key(std::array{16U, 24U, 32U}[random() % 3]);
    std::unique_ptr<local::skcipher_key> made;
    ASSERT_EQ(mode("cbc(aes)").make_skcipher(mode("cbc(aes)"), key, made), 0);
    const std::unique_ptr<local::skcipher_context> context = made->open();
    cbc_batch b = random_batch(count, random);
    const std::vector<byte_vector> in = b.data;
    std::vector<local::chain> expected_chains = b.chains;
    std::vector<byte_vector> out(count);
    for (std::size_t i = 0; i < count; ++i) {
        out[i].resize(in[i].size(), 0xee);
        b.messages.push_back({&b.chains[i], b.data[i].data(), in_place ? b.data[i].data() : out[i].data(),
                              b.data[i].size(), -1});
    }
    context->crypt_batch(d, b.messages);
    for (std::size_t i = 0; i < count; ++i) {
        byte_vector expected(in[i].size());
        const int code = context->crypt(d, expected_chains[i], in[i].data(), expected.data(), in[i].size());
        ASSERT_EQ(b.messages[i].code, code) << i << " of " << count;
        ASSERT_TRUE(b.chains[i].iv == expected_chains[i].iv) << i << " of " << count;
        if (code == 0) {
            ASSERT_TRUE((in_place ? b.data[i] : out[i]) == expected) << i << " of " << count;
        }
    }
}

} // namespace

TEST(driver_ipsecmb, messages_are_those_of_evp_in_place_and_apart) {
    for (const char *const name : {"cbc(aes)", "ctr(aes)"})
        ASSERT_TRUE(mode(name).available(mode(name), false)) << name;
    check_messages(mode("cbc(aes)"), {16, 24, 32}, 16);
    check_messages(mode("ctr(aes)"), {16, 24, 32}, 1);
}

TEST(driver_ipsecmb, passes_join_to_the_message) {
    check_passes(mode("cbc(aes)"), 32, 16);
    check_passes(mode("ctr(aes)"), 32, 16);
}

TEST(driver_ipsecmb, counter_wraps_as_a_number_of_128_bits) { check_counters(mode("ctr(aes)")); }

TEST(driver_ipsecmb, lengths_and_keys_that_aes_does_not_have_are_refused) {
    check_refusals(mode("cbc(aes)"), {16, 24, 32}, 16);
    check_refusals(mode("ctr(aes)"), {16, 24, 32}, 1);
    std::unique_ptr<local::aead_key> made;
    const local::driver &gcm = mode("gcm(aes)");
    for (std::size_t n = 0; n <= 64; ++n)
        EXPECT_EQ(gcm.make_aead(gcm, pattern_key(n), made), n == 16 || n == 24 || n == 32 ? 0 : EINVAL) << n;
}

TEST(driver_ipsecmb, nothing_serves_in_fips_mode) {
    for (const local::driver &d : kcapi_driver_module_ipsecmb()->drivers)
        EXPECT_FALSE(d.available(d, true)) << d.driver_name;
}

TEST(driver_ipsecmb, batch_is_its_messages_one_by_one) {
    std::mt19937 random(1);
    for (const std::size_t count : {0U, 1U, 2U, 15U, 16U, 17U, 63U, 64U, 65U, 130U, 300U})
        for (const direction d : {direction::encrypt, direction::decrypt})
            for (const bool in_place : {false, true})
                expect_as_one_by_one(count, d, in_place, random);
}

TEST(driver_ipsecmb, gcm_agrees_with_libcrypto) {
    std::mt19937 random(1);
    for (const std::size_t key_size : {16U, 24U, 32U}) {
        keyed_aead one(mode("gcm(aes)"), pattern_key(key_size));
        keyed_aead other(find_driver(*kcapi_driver_module_openssl(), "gcm(aes)"), pattern_key(key_size));
        for (const std::size_t tag : {4U, 8U, 12U, 13U, 14U, 15U, 16U})
            for (const std::size_t length : {0U, 1U, 15U, 16U, 17U, 255U, 256U, 257U, 4096U, 70000U})
                for (const std::size_t assoc : {0U, 1U, 16U, 20U, 1000U}) {
                    byte_vector iv = pattern_iv();
                    iv.resize(12);
                    iv[3] = static_cast<std::uint8_t>(random());
                    const byte_vector in = pattern_message(length);
                    const auto a = one.encrypt(iv, pattern_message(assoc), in, tag);
                    const auto b = other.encrypt(iv, pattern_message(assoc), in, tag);
                    ASSERT_EQ(a.code, 0);
                    ASSERT_TRUE(a.ciphertext == b.ciphertext && a.tag == b.tag)
                        << key_size << ", " << tag << ", " << length << ", " << assoc;
                    const auto back = one.decrypt(iv, pattern_message(assoc), a.ciphertext, a.tag);
                    ASSERT_EQ(back.code, 0);
                    ASSERT_TRUE(back.plaintext == in);
                }
    }
}

TEST(driver_ipsecmb, gcm_refuses_what_is_not_authentic_and_leaves_no_plaintext) {
    keyed_aead gcm(mode("gcm(aes)"), pattern_key(32));
    byte_vector iv = pattern_iv();
    iv.resize(12);
    const byte_vector in = pattern_message(1000);
    const auto sealed = gcm.encrypt(iv, pattern_message(20), in, 16);
    for (std::size_t bit = 0; bit < 128; ++bit) {
        byte_vector tag = sealed.tag;
        tag[bit / 8] = static_cast<std::uint8_t>(tag[bit / 8] ^ 1U << bit % 8);
        const auto opened = gcm.decrypt(iv, pattern_message(20), sealed.ciphertext, tag);
        EXPECT_EQ(opened.code, EBADMSG);
        EXPECT_TRUE(opened.plaintext == byte_vector(1000)) << bit;
    }
    byte_vector changed = sealed.ciphertext;
    changed[999] ^= 1U;
    EXPECT_EQ(gcm.decrypt(iv, pattern_message(20), changed, sealed.tag).code, EBADMSG);
    EXPECT_EQ(gcm.decrypt(iv, pattern_message(21), sealed.ciphertext, sealed.tag).code, EBADMSG);
    byte_vector data = sealed.ciphertext;
    byte_vector assoc(3);
    EXPECT_EQ(gcm.context().decrypt({iv.data(), assoc, data.data(), data.data(), data.size()}, sealed.tag),
              EBADMSG);
    EXPECT_TRUE(data == byte_vector(1000)) << "in place";
}
