// SPDX-License-Identifier: BSD-3-Clause
//
// The block ciphers of libcrypto besides AES: the lengths of their keys, what they carry on, and ChaCha20's
// counter.
#include "drivers/openssl/module.hpp"
#include "support/driver_under_test.hpp"

#include <gtest/gtest.h>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

const local::driver &driver_for(const char *name) {
    return find_driver(*kcapi_driver_module_openssl(), name);
}

byte_vector pattern(std::size_t size, unsigned step) {
    byte_vector v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(step * i + 1);
    return v;
}

/// A cipher other than AES, bare or in a mode.
bool is_of_family(const local::driver &d) {
    return (d.make_cipher != nullptr || d.make_skcipher != nullptr) &&
           std::string_view(d.name).find("aes") == std::string_view::npos;
}

bool takes_key(const local::driver &d, std::size_t size) {
    std::unique_ptr<local::cipher_key> cipher;
    std::unique_ptr<local::skcipher_key> skcipher;
    const byte_vector key = pattern(size, 7);
    const int code =
        d.make_cipher != nullptr ? d.make_cipher(d, key, cipher) : d.make_skcipher(d, key, skcipher);
    EXPECT_TRUE(code == 0 || code == EINVAL) << code;
    EXPECT_EQ(code == 0, cipher != nullptr || skcipher != nullptr);
    return code == 0;
}

bool is_key_size(std::string_view name, std::size_t n) {
    const auto has = [&](const char *part) { return name.find(part) != std::string_view::npos; };
    if (has("des3_ede"))
        return n == 24;
    if (has("des"))
        return n == 8;
    if (has("blowfish"))
        return n >= 4 && n <= 56;
    if (has("cast5"))
        return n >= 5 && n <= 16;
    if (has("chacha"))
        return n == 32;
    return n == 16 || ((has("camellia") || has("aria")) && (n == 24 || n == 32));
}

} // namespace

TEST(driver_openssl_family, key_lengths_are_the_kernels) {
    std::size_t drivers = 0;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers) {
        if (!is_of_family(d))
            continue;
        ++drivers;
        for (std::size_t n = 0; n <= 80; ++n)
            EXPECT_EQ(is_key_size(d.name, n), takes_key(d, n)) << d.name << ' ' << n;
    }
    EXPECT_EQ(29U, drivers);
}

TEST(driver_openssl_family, none_of_them_serves_in_fips_mode) {
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (is_of_family(d)) {
            EXPECT_TRUE(d.available(d, false)) << d.name;
            EXPECT_FALSE(d.available(d, true)) << d.name;
        }
}

TEST(driver_openssl_family, weak_keys_of_des_are_taken) {
    EXPECT_EQ(0, [] {
        const byte_vector weak(8, 0x01);
        std::unique_ptr<local::skcipher_key> key;
        return driver_for("cbc(des)").make_skcipher(driver_for("cbc(des)"), weak, key);
    }());
    // With three times the same key, triple DES is DES.
    const byte_vector once = pattern(8, 5);
    byte_vector thrice;
    for (int i = 0; i < 3; ++i)
        thrice.insert(thrice.end(), once.begin(), once.end());
    keyed_driver des(driver_for("cbc(des)"), once);
    keyed_driver triple(driver_for("cbc(des3_ede)"), thrice);
    const byte_vector iv = pattern(8, 3);
    const byte_vector in = pattern(64, 11);
    EXPECT_EQ(des.message(direction::encrypt, iv, in), triple.message(direction::encrypt, iv, in));
}

TEST(driver_openssl_family, passes_go_on_where_the_last_one_ended) {
    for (const char *const name :
         {"cbc(des)", "cbc(blowfish)", "cbc(camellia)", "ctr(camellia)", "ctr(sm4)"}) {
        SCOPED_TRACE(name);
        const local::driver &d = driver_for(name);
        keyed_driver driver(d, pattern(d.sizes.min_key_size, 7));
        const byte_vector in = pattern(160, 31);
        const byte_vector iv(d.sizes.iv_size, 0xff);
        for (const direction way : {direction::encrypt, direction::decrypt}) {
            const byte_vector whole = driver.message(way, iv, in);
            for (std::size_t cut = 0; cut <= in.size(); cut += d.sizes.chunk_size) {
                const base::bytes all(in);
                byte_vector out = driver.message(way, iv, all.first(cut));
                const byte_vector rest = driver.pass(way, all.subspan(cut));
                out.insert(out.end(), rest.begin(), rest.end());
                EXPECT_EQ(whole, out) << cut;
            }
        }
    }
}

TEST(driver_openssl_family, a_short_block_of_ctr_counts_as_a_whole_one) {
    keyed_driver driver(driver_for("ctr(camellia)"), pattern(16, 7));
    const byte_vector iv = pattern(16, 13);
    const byte_vector in = pattern(48, 31);
    const byte_vector whole = driver.message(direction::encrypt, iv, in);
    (void)driver.message(direction::encrypt, iv, base::bytes(in).first(17));
    EXPECT_EQ(byte_vector(whole.begin() + 32, whole.end()),
              driver.pass(direction::encrypt, base::bytes(in).subspan(32)));
}

TEST(driver_openssl_family, odd_lengths_are_refused_and_move_nothing) {
    for (const char *const name : {"ecb(des)", "cbc(des)", "cbc(aria)"}) {
        const local::driver &d = driver_for(name);
        keyed_driver driver(d, pattern(d.sizes.min_key_size, 7));
        const byte_vector iv = pattern(d.sizes.iv_size, 3);
        driver.set_iv(iv);
        const local::chain before = driver.carried();
        byte_vector data = pattern(d.sizes.block_size + 1, 5);
        EXPECT_EQ(EINVAL, driver.pass(direction::encrypt, data.data(), data.data(), data.size())) << name;
        EXPECT_EQ(before.iv, driver.carried().iv) << name;
    }
}

TEST(driver_openssl_family, the_counter_of_chacha20_wraps_within_its_word) {
    const byte_vector key = pattern(32, 7);
    keyed_driver driver(driver_for("chacha20"), key);
    byte_vector iv = pattern(16, 3);
    std::fill_n(iv.begin(), 4, std::uint8_t{0xff});
    const byte_vector in = pattern(200, 31);
    const byte_vector out = driver.message(direction::encrypt, iv, in);
    EXPECT_EQ(out, driver.pass(direction::encrypt, in)) << "the IV is not moved";
    std::fill_n(iv.begin(), 4, std::uint8_t{0});
    const byte_vector after = driver.message(direction::encrypt, iv, base::bytes(in).subspan(64));
    EXPECT_EQ(byte_vector(out.begin() + 64, out.end()), after);
}
