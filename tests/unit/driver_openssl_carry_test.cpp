// SPDX-License-Identifier: BSD-3-Clause
//
// What the drivers over libcrypto carry into a pass that brings no IV: what Linux 6.12 carries on x86 with
// AES-NI. The literal answers were recorded from it; key, IV and message are the common patterns.
#include "drivers/openssl/module.hpp"
#include "support/driver_under_test.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

#include <string>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

constexpr direction both[] = {direction::encrypt, direction::decrypt};

keyed_driver keyed(const char *algorithm, std::size_t key_size) {
    return {find_driver(*kcapi_driver_module_openssl(), algorithm), pattern_key(key_size)};
}

byte_vector part(const byte_vector &all, std::size_t from, std::size_t size) {
    const auto start = all.begin() + static_cast<std::ptrdiff_t>(from);
    return {start, start + static_cast<std::ptrdiff_t>(size)};
}

/// The second 64 of 128 bytes, after a pass of the first 64.
byte_vector second_pass(keyed_driver &driver, direction d, const byte_vector &in) {
    (void)driver.message(d, pattern_iv(), part(in, 0, 64));
    return driver.pass(d, part(in, 64, 64));
}

struct recorded {
    const char *algorithm;
    std::size_t key_size;
    const char *encrypted;
    const char *decrypted;
};

constexpr recorded second_passes[] = {
    {"xts(aes)", 32,
     "093fadbf9280bd1ed99f99d977ec6885b20423eebee0306f1459d9a3200876293db5fa23d5868ff5d49a0ee3e8fa1249"
     "6b134b321236ec198b82cd19e0fbfafb",
     "bb091c5dcf48d4a82adc97bb776591e22c70ae1c8987a313a4e44ff90cda7b6157c085e53d573ce2eb1d1d357bd26de7"
     "f3f7aa6e95ee152e44f01dba8bab8f13"},
    {"xts(aes)", 64,
     "01ecc1eaabfbe8b5978e5129db85dc87dccdb3de540a97036f8d3652a9d5e69831dcd31c322ee695dd6e5039e40e1b7a"
     "2af37f081ab9578bed12804e2215e37c",
     "2b19d9a9995fa9273ee70ce27c49533674687e8b8bf9f68675a9509f2b2d375bfc448a2c85f71f38d1d2bd68cba964bb"
     "aa90677505b70e0f49edde0e52a7f33a"},
    {"cts(cbc(aes))", 16,
     "2d4233b84a21f40cfb312dc91e4df4a03561426906d7b8ea80420ce39baf5d2291dcbec351c6cadd26403faa30ed5c55"
     "e8c29cae21807c98e7128dc16aad9cbd",
     "44eb17f4926a6c26f8fcc8ed39f11763b0cfee0d2c4b6a89a8c7e60524436281a0bfdefd1c3b5a7998b7d6f514335271"
     "90afceed0c2b4a6988a7c6e504234261"},
};

const std::size_t measured_lengths[] = {16,   17,   31,   32,   33,   47,   48,   49,    63,
                                        64,   65,   100,  128,  129,  255,  256,  257,   500,
                                        1000, 4000, 4096, 4097, 4111, 4112, 5000, 20000, 65535};

} // namespace

TEST(driver_openssl_carry, second_passes_are_the_kernels) {
    for (const recorded &r : second_passes) {
        SCOPED_TRACE(testing::Message() << r.algorithm << ' ' << r.key_size);
        keyed_driver driver = keyed(r.algorithm, r.key_size);
        const byte_vector plaintext = pattern_message(128);
        EXPECT_EQ(from_hex(r.encrypted), second_pass(driver, direction::encrypt, plaintext));
        const byte_vector ciphertext = driver.message(direction::encrypt, pattern_iv(), plaintext);
        EXPECT_EQ(from_hex(r.decrypted), second_pass(driver, direction::decrypt, ciphertext));
    }
}

TEST(driver_openssl_carry, xts_takes_the_tweak_reached_for_the_next_iv) {
    for (const std::size_t key_size : {32U, 48U, 64U}) {
        const byte_vector key = pattern_key(key_size);
        keyed_driver driver = keyed("xts(aes)", key_size);
        const byte_vector block = pattern_message(16);
        for (const std::size_t n : measured_lengths)
            for (const direction d : both) {
                (void)driver.message(d, pattern_iv(), pattern_message(n));
                const bool one_less = d == direction::decrypt && n % 16 != 0;
                const aes_block reached = xts_tweak(key, pattern_iv(), n / 16 - (one_less ? 1 : 0));
                ASSERT_EQ(xts_by_blocks(d, key, reached, block), driver.pass(d, block))
                    << key_size << ' ' << n << (d == direction::encrypt ? " encrypt" : " decrypt");
            }
    }
}

TEST(driver_openssl_carry, xts_third_pass_continues_from_the_second) {
    const byte_vector key = pattern_key(64);
    keyed_driver driver = keyed("xts(aes)", 64);
    (void)driver.message(direction::encrypt, pattern_iv(), pattern_message(1024));
    (void)driver.pass(direction::encrypt, pattern_message(48));
    const aes_block second = xts_tweak(key, pattern_iv(), 64);
    const aes_block third = xts_tweak(key, second, 3);
    EXPECT_EQ(xts_by_blocks(direction::encrypt, key, third, pattern_message(40)),
              driver.pass(direction::encrypt, pattern_message(40)));
}

TEST(driver_openssl_carry, a_new_iv_forgets_what_was_carried) {
    for (const char *const algorithm : {"cbc(aes)", "ctr(aes)", "xts(aes)", "cts(cbc(aes))"}) {
        keyed_driver driver = keyed(algorithm, 32);
        const byte_vector in = pattern_message(96);
        const byte_vector first = driver.message(direction::encrypt, pattern_iv(), in);
        EXPECT_EQ(first, driver.message(direction::encrypt, pattern_iv(), in)) << algorithm;
    }
}

TEST(driver_openssl_carry, cts_carries_the_ciphertext_before_the_swapped_blocks) {
    const byte_vector key = pattern_key(16);
    keyed_driver driver = keyed("cts(cbc(aes))", 16);
    for (const std::size_t n : measured_lengths)
        for (const direction d : both) {
            const byte_vector in = pattern_message(n);
            const byte_vector out = driver.message(d, pattern_iv(), in);
            const byte_vector &ciphertext = d == direction::encrypt ? out : in;
            const std::size_t blocks = (n + 15) / 16;
            const byte_vector carried = blocks == 1   ? ciphertext
                                        : blocks == 2 ? pattern_iv()
                                                      : part(ciphertext, 16 * (blocks - 3), 16);
            ASSERT_EQ(carried, byte_vector(driver.carried().iv.begin(), driver.carried().iv.begin() + 16))
                << n << (d == direction::encrypt ? " encrypt" : " decrypt");
        }
}

TEST(driver_openssl_carry, ctr_drops_the_rest_of_a_short_block) {
    const byte_vector key = pattern_key(32);
    keyed_driver driver = keyed("ctr(aes)", 32);
    const byte_vector zeros(4096);
    const byte_vector keystream = by_evp("ctr(aes)", direction::encrypt, key, pattern_iv(), zeros);
    for (const std::size_t n : {1U, 15U, 16U, 17U, 31U, 500U, 512U, 513U, 1000U, 2000U}) {
        (void)driver.message(direction::encrypt, pattern_iv(), part(zeros, 0, n));
        const std::size_t next = (n + 15) / 16 * 16;
        for (const std::size_t m : {16U, 5U, 600U}) {
            const local::chain before = driver.carried();
            EXPECT_EQ(part(keystream, next, m), driver.pass(direction::encrypt, part(zeros, 0, m)))
                << n << ' ' << m;
            driver.set_iv(base::bytes(before.iv).first(16));
        }
    }
}

TEST(driver_openssl_carry, ctr_counts_over_all_128_bits) {
    const byte_vector key = pattern_key(32);
    for (const std::size_t ones : {4U, 8U, 12U, 15U, 16U}) {
        byte_vector iv(16, 0x42);
        std::fill(iv.end() - static_cast<std::ptrdiff_t>(ones), iv.end(), std::uint8_t{0xff});
        for (const std::size_t piece : {16U, 48U, 512U, 528U, 4096U}) {
            keyed_driver driver = keyed("ctr(aes)", 32);
            const byte_vector in = pattern_message(8192);
            byte_vector out;
            driver.set_iv(iv);
            for (std::size_t at = 0; at < in.size(); at += piece) {
                const byte_vector some =
                    driver.pass(direction::encrypt, part(in, at, std::min(piece, in.size() - at)));
                out.insert(out.end(), some.begin(), some.end());
            }
            EXPECT_EQ(by_evp("ctr(aes)", direction::encrypt, key, iv, in), out) << ones << ' ' << piece;
        }
    }
}
