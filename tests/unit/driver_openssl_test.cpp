// SPDX-License-Identifier: BSD-3-Clause
//
// The drivers over libcrypto against plain EVP: every length, in both ways that a mode can go (by its own
// short ways, and by the provider's service alone), keys, and what is carried from pass to pass.
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/module.hpp"
#include "support/driver_under_test.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <ostream>
#include <string>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

constexpr direction both[] = {direction::encrypt, direction::decrypt};

struct subject {
    const char *algorithm;
    openssl::skcipher_factory *make;
    std::size_t key_size;
    bool own_paths;
};

std::ostream &operator<<(std::ostream &out, const subject &s) {
    return out << s.algorithm << " key " << s.key_size << (s.own_paths ? "" : " services only");
}

/// The ciphers that serve in FIPS mode are used like this, whoever provides them.
const openssl::suite &services_only() {
    static const openssl::suite s = [] {
        openssl::suite copy = openssl::ordinary_suite();
        copy.own_paths = false;
        return copy;
    }();
    return s;
}

std::vector<subject> all_subjects() {
    std::vector<subject> all;
    for (const bool own_paths : {true, false}) {
        for (const std::size_t size : {16U, 24U, 32U}) {
            all.push_back({"ecb(aes)", openssl::make_ecb, size, own_paths});
            all.push_back({"cbc(aes)", openssl::make_cbc, size, own_paths});
            all.push_back({"ctr(aes)", openssl::make_ctr, size, own_paths});
            all.push_back({"cts(cbc(aes))", openssl::make_cts, size, own_paths});
            if (own_paths || size != 24)
                all.push_back({"xts(aes)", openssl::make_xts, 2 * size, own_paths});
        }
    }
    return all;
}

byte_vector iv_of(const subject &s) {
    return s.algorithm == std::string_view("ecb(aes)") ? byte_vector() : pattern_iv();
}

keyed_driver keyed(const subject &s, base::bytes key) {
    return keyed_driver(
        [&](base::bytes k, std::unique_ptr<local::skcipher_key> &out) {
            return s.make(s.own_paths ? openssl::ordinary_suite() : services_only(), k, out);
        },
        key);
}

byte_vector reference(const subject &s, direction d, base::bytes key, base::bytes iv, base::bytes in) {
    // EVP has no XTS over AES-192.
    return key.size() == 48 ? xts_by_blocks(d, key, iv, in) : by_evp(s.algorithm, d, key, iv, in);
}

bool legal(const subject &s, std::size_t length) {
    const std::string_view algorithm = s.algorithm;
    if (algorithm == "ctr(aes)")
        return true;
    return algorithm == "xts(aes)" || algorithm == "cts(cbc(aes))" ? length >= 16 : length % 16 == 0;
}

/// The part of the module's table that this file is about.
std::vector<local::driver> cipher_drivers() {
    std::vector<local::driver> some;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (d.type == local::driver_kind::cipher || d.type == local::driver_kind::skcipher)
            some.push_back(d);
    return some;
}

/// 0 to 200, and around every border that the drivers have.
std::vector<std::size_t> lengths() {
    std::vector<std::size_t> all;
    for (std::size_t n = 0; n <= 200; ++n)
        all.push_back(n);
    for (const std::size_t border : {384U, 512U, 528U, 1024U, 4096U})
        for (std::size_t n = border - 17; n <= border + 17; ++n)
            all.push_back(n);
    return all;
}

/// xts and cts do not chain; what they carry has tests of its own.
std::vector<subject> chaining_subjects() {
    std::vector<subject> some = all_subjects();
    std::erase_if(
        some, [](const subject &s) { return s.make == openssl::make_xts || s.make == openssl::make_cts; });
    return some;
}

class every_subject : public testing::TestWithParam<subject> {};
class chaining_subject : public testing::TestWithParam<subject> {};

INSTANTIATE_TEST_SUITE_P(driver_openssl, every_subject, testing::ValuesIn(all_subjects()));
INSTANTIATE_TEST_SUITE_P(driver_openssl, chaining_subject, testing::ValuesIn(chaining_subjects()));

} // namespace

TEST_P(every_subject, gives_what_evp_gives_at_every_length) {
    const subject &s = GetParam();
    const byte_vector key = pattern_key(s.key_size);
    keyed_driver driver = keyed(s, key);
    for (const std::size_t n : lengths())
        for (const direction d : both) {
            SCOPED_TRACE(testing::Message() << n << (d == direction::encrypt ? " encrypt" : " decrypt"));
            byte_vector in = pattern_message(n);
            byte_vector iv = iv_of(s);
            if (!iv.empty())
                iv[n % 16] = static_cast<std::uint8_t>(n);
            if (!legal(s, n)) {
                driver.set_iv(iv);
                const local::chain before = driver.carried();
                byte_vector out(n, 0xee);
                ASSERT_EQ(EINVAL, driver.pass(d, in.data(), out.data(), n));
                ASSERT_EQ(byte_vector(n, 0xee), out);
                ASSERT_EQ(before.iv, driver.carried().iv);
                continue;
            }
            const byte_vector expected = reference(s, d, key, iv, in);
            ASSERT_EQ(expected, driver.message(d, iv, in));
            // The same in place, and in place again: the context stands elsewhere by then.
            for (int round = 0; round < 2; ++round) {
                byte_vector data = in;
                driver.set_iv(iv);
                ASSERT_EQ(0, driver.pass(d, data.data(), data.data(), n));
                ASSERT_EQ(expected, data);
            }
        }
}

TEST_P(every_subject, needs_no_alignment) {
    const subject &s = GetParam();
    const byte_vector key = pattern_key(s.key_size);
    keyed_driver driver = keyed(s, key);
    for (const std::size_t n : {16U, 48U, 208U, 1040U})
        for (const std::size_t from : {0U, 1U, 7U, 13U})
            for (const std::size_t to : {0U, 1U, 8U, 15U}) {
                const byte_vector message = pattern_message(n);
                byte_vector in(from);
                in.insert(in.end(), message.begin(), message.end());
                byte_vector out(to + n + 1, 0xee);
                driver.set_iv(iv_of(s));
                ASSERT_EQ(0, driver.pass(direction::encrypt, in.data() + from, out.data() + to, n));
                byte_vector expected(to, 0xee);
                const byte_vector middle = reference(s, direction::encrypt, key, iv_of(s), message);
                expected.insert(expected.end(), middle.begin(), middle.end());
                expected.push_back(0xee);
                ASSERT_EQ(expected, out);
            }
}

TEST_P(every_subject, contexts_of_one_key_do_not_disturb_each_other) {
    const subject &s = GetParam();
    const byte_vector key = pattern_key(s.key_size);
    keyed_driver first = keyed(s, key);
    const std::unique_ptr<local::skcipher_context> second = first.key().open();
    ASSERT_NE(nullptr, second);
    const byte_vector in = pattern_message(64);
    const byte_vector expected = reference(s, direction::encrypt, key, iv_of(s), in);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(expected, first.message(direction::encrypt, iv_of(s), in));
        local::chain c;
        c.set(iv_of(s));
        byte_vector out(in.size());
        ASSERT_EQ(0, second->crypt(direction::encrypt, c, in.data(), out.data(), in.size()));
        EXPECT_EQ(expected, out);
    }
}

TEST_P(every_subject, an_empty_pass_does_nothing_where_it_is_legal) {
    const subject &s = GetParam();
    keyed_driver driver = keyed(s, pattern_key(s.key_size));
    driver.set_iv(iv_of(s));
    const local::chain before = driver.carried();
    for (const direction d : both) {
        EXPECT_EQ(legal(s, 0) ? 0 : EINVAL, driver.pass(d, nullptr, nullptr, 0));
        EXPECT_EQ(before.iv, driver.carried().iv);
        EXPECT_EQ(before.blocks, driver.carried().blocks);
    }
}

TEST_P(chaining_subject, passes_of_whole_blocks_equal_one_message) {
    const subject &s = GetParam();
    const byte_vector key = pattern_key(s.key_size);
    keyed_driver driver = keyed(s, key);
    const byte_vector in = pattern_message(8192);
    for (const direction d : both)
        for (const std::size_t piece : {16U, 32U, 64U, 496U, 512U, 528U, 2048U, 4096U}) {
            const byte_vector expected = reference(s, d, key, iv_of(s), in);
            byte_vector out(in.size());
            driver.set_iv(iv_of(s));
            for (std::size_t at = 0; at < in.size(); at += piece) {
                const std::size_t n = std::min(piece, in.size() - at);
                // Alternately in place, so that the last ciphertext block is gone afterwards.
                if (at / piece % 2 == 0) {
                    ASSERT_EQ(0, driver.pass(d, in.data() + at, out.data() + at, n));
                } else {
                    std::copy_n(in.data() + at, n, out.data() + at);
                    ASSERT_EQ(0, driver.pass(d, out.data() + at, out.data() + at, n));
                }
            }
            ASSERT_EQ(expected, out) << piece;
        }
}

TEST(driver_openssl, offers_these_drivers_with_these_limits) {
    const local::module *const m = kcapi_driver_module_openssl();
    ASSERT_NE(nullptr, m);
    EXPECT_STREQ(local::module_stamp, m->stamp);
    EXPECT_STREQ("openssl", m->name);
    EXPECT_EQ('3', m->version[0]);
    struct expected {
        const char *name;
        const char *driver_name;
        local::limits sizes;
    };
    const expected table[] = {
        {"aes", "aes-openssl", {16, 16, 0, 16, 32}},
        {"ecb(aes)", "ecb-aes-openssl", {16, 16, 0, 16, 32}},
        {"cbc(aes)", "cbc-aes-openssl", {16, 16, 16, 16, 32}},
        {"ctr(aes)", "ctr-aes-openssl", {1, 16, 16, 16, 32}},
        {"xts(aes)", "xts-aes-openssl", {16, 16, 16, 32, 64}},
        {"cts(cbc(aes))", "cts-cbc-aes-openssl", {16, 16, 16, 16, 32}},
        {"des", "des-openssl", {8, 8, 0, 8, 8}},
        {"ecb(des)", "ecb-des-openssl", {8, 8, 0, 8, 8}},
        {"cbc(des)", "cbc-des-openssl", {8, 8, 8, 8, 8}},
        {"des3_ede", "des3_ede-openssl", {8, 8, 0, 24, 24}},
        {"ecb(des3_ede)", "ecb-des3_ede-openssl", {8, 8, 0, 24, 24}},
        {"cbc(des3_ede)", "cbc-des3_ede-openssl", {8, 8, 8, 24, 24}},
        {"camellia", "camellia-openssl", {16, 16, 0, 16, 32}},
        {"ecb(camellia)", "ecb-camellia-openssl", {16, 16, 0, 16, 32}},
        {"cbc(camellia)", "cbc-camellia-openssl", {16, 16, 16, 16, 32}},
        {"ctr(camellia)", "ctr-camellia-openssl", {1, 16, 16, 16, 32}},
        {"aria", "aria-openssl", {16, 16, 0, 16, 32}},
        {"ecb(aria)", "ecb-aria-openssl", {16, 16, 0, 16, 32}},
        {"cbc(aria)", "cbc-aria-openssl", {16, 16, 16, 16, 32}},
        {"ctr(aria)", "ctr-aria-openssl", {1, 16, 16, 16, 32}},
        {"sm4", "sm4-openssl", {16, 16, 0, 16, 16}},
        {"ecb(sm4)", "ecb-sm4-openssl", {16, 16, 0, 16, 16}},
        {"cbc(sm4)", "cbc-sm4-openssl", {16, 16, 16, 16, 16}},
        {"ctr(sm4)", "ctr-sm4-openssl", {1, 16, 16, 16, 16}},
        {"blowfish", "blowfish-openssl", {8, 8, 0, 4, 56}},
        {"ecb(blowfish)", "ecb-blowfish-openssl", {8, 8, 0, 4, 56}},
        {"cbc(blowfish)", "cbc-blowfish-openssl", {8, 8, 8, 4, 56}},
        {"cast5", "cast5-openssl", {8, 8, 0, 5, 16}},
        {"ecb(cast5)", "ecb-cast5-openssl", {8, 8, 0, 5, 16}},
        {"cbc(cast5)", "cbc-cast5-openssl", {8, 8, 8, 5, 16}},
        {"seed", "seed-openssl", {16, 16, 0, 16, 16}},
        {"ecb(seed)", "ecb-seed-openssl", {16, 16, 0, 16, 16}},
        {"cbc(seed)", "cbc-seed-openssl", {16, 16, 16, 16, 16}},
        {"chacha20", "chacha20-openssl", {1, 64, 16, 32, 32}},
        {"xchacha20", "xchacha20-openssl", {1, 64, 32, 32, 32}},
    };
    const std::vector<local::driver> ciphers = cipher_drivers();
    ASSERT_EQ(std::size(table), ciphers.size());
    for (std::size_t i = 0; i < std::size(table); ++i) {
        const local::driver &d = ciphers[i];
        SCOPED_TRACE(d.name);
        EXPECT_STREQ(table[i].name, d.name);
        EXPECT_STREQ(table[i].driver_name, d.driver_name);
        EXPECT_STREQ("openssl", d.provider);
        EXPECT_EQ(300, d.priority);
        EXPECT_EQ(table[i].sizes.block_size, d.sizes.block_size);
        EXPECT_EQ(table[i].sizes.chunk_size, d.sizes.chunk_size);
        EXPECT_EQ(table[i].sizes.iv_size, d.sizes.iv_size);
        EXPECT_EQ(table[i].sizes.min_key_size, d.sizes.min_key_size);
        EXPECT_EQ(table[i].sizes.max_key_size, d.sizes.max_key_size);
        EXPECT_TRUE(d.available(d, false));
        const bool is_bare = std::string_view(d.name).find_first_of("(") == std::string_view::npos &&
                             d.type == local::driver_kind::cipher;
        EXPECT_EQ(is_bare, d.make_cipher != nullptr);
        EXPECT_EQ(!is_bare, d.make_skcipher != nullptr);
    }
}

TEST(driver_openssl, refuses_every_key_length_that_aes_has_not) {
    for (const local::driver &d : cipher_drivers())
        for (std::size_t n = 0; n <= 80 && std::string_view(d.name).find("aes") != std::string_view::npos;
             ++n) {
            const std::size_t aes = d.name == std::string_view("xts(aes)") ? n / 2 : n;
            const bool right = (aes == 16 || aes == 24 || aes == 32) && (aes == n || n % 2 == 0);
            const byte_vector key = pattern_key(n);
            std::unique_ptr<local::cipher_key> cipher;
            std::unique_ptr<local::skcipher_key> skcipher;
            const int code =
                d.make_cipher != nullptr ? d.make_cipher(d, key, cipher) : d.make_skcipher(d, key, skcipher);
            EXPECT_EQ(right ? 0 : EINVAL, code) << d.name << ' ' << n;
            EXPECT_EQ(right, cipher != nullptr || skcipher != nullptr) << d.name << ' ' << n;
        }
}

TEST(driver_openssl, the_bare_cipher_takes_whole_blocks_only) {
    const local::driver &d = find_driver(*kcapi_driver_module_openssl(), "aes");
    for (const std::size_t size : {16U, 24U, 32U}) {
        const byte_vector key = pattern_key(size);
        std::unique_ptr<local::cipher_key> made;
        ASSERT_EQ(0, d.make_cipher(d, key, made));
        const std::unique_ptr<local::cipher_context> context = made->open();
        ASSERT_NE(nullptr, context);
        for (const std::size_t n : lengths())
            for (const direction way : both) {
                const byte_vector in = pattern_message(n);
                byte_vector out(n);
                ASSERT_EQ(n % 16 == 0 ? 0 : EINVAL, context->crypt(way, in.data(), out.data(), n)) << n;
                if (n % 16 == 0) {
                    ASSERT_EQ(by_single_blocks(way, key, in), out) << n;
                }
            }
    }
}

TEST(driver_openssl, services_only_refuses_what_the_kernel_refuses_in_fips_mode) {
    std::unique_ptr<local::skcipher_key> key;
    EXPECT_EQ(EINVAL, openssl::make_xts(services_only(), pattern_key(48), key));
    for (const std::size_t size : {32U, 64U}) {
        EXPECT_EQ(EINVAL, openssl::make_xts(services_only(), byte_vector(size, 0x5a), key));
        EXPECT_EQ(0, openssl::make_xts(services_only(), pattern_key(size), key));
    }
    EXPECT_FALSE(services_only().serves(openssl::mode::cts));
    EXPECT_TRUE(openssl::ordinary_suite().serves(openssl::mode::cts));
}

TEST(driver_openssl, is_available_in_fips_mode_only_with_a_fips_provider_and_without_cts) {
    const bool there = openssl::approved_suite().serves(openssl::mode::ecb);
    for (const local::driver &d : cipher_drivers()) {
        EXPECT_EQ(there && d.name != std::string_view("cts(cbc(aes))"), d.available(d, true)) << d.name;
        // Back to what the other tests use.
        EXPECT_TRUE(d.available(d, false)) << d.name;
    }
    EXPECT_FALSE(openssl::approved_suite().own_paths);
}

TEST(driver_openssl, a_suite_without_ciphers_serves_nothing) {
    for (const openssl::mode m :
         {openssl::mode::ecb, openssl::mode::cbc, openssl::mode::ctr, openssl::mode::xts, openssl::mode::cts,
          openssl::mode::gcm, openssl::mode::ccm, openssl::mode::chacha20_poly1305})
        EXPECT_FALSE(openssl::suite{}.serves(m));
}
