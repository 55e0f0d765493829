// SPDX-License-Identifier: BSD-3-Clause
//
// The calls without a handle: aes in two modes, sm4 in two modes.
#include "capi/differences.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <climits>

using namespace kcapi::test;

namespace {

using call = ssize_t (*)(const std::uint8_t *, std::uint32_t, const std::uint8_t *, std::size_t,
                         const std::uint8_t *, std::uint8_t *, std::size_t);

struct pair_of_calls {
    const char *name;
    call encrypt;
    call decrypt;
};

constexpr pair_of_calls aes_calls[] = {{"cbc(aes)", kcapi_cipher_enc_aes_cbc, kcapi_cipher_dec_aes_cbc},
                                       {"ctr(aes)", kcapi_cipher_enc_aes_ctr, kcapi_cipher_dec_aes_ctr}};
constexpr pair_of_calls sm4_calls[] = {{"cbc(sm4)", kcapi_cipher_enc_sm4_cbc, kcapi_cipher_dec_sm4_cbc},
                                       {"ctr(sm4)", kcapi_cipher_enc_sm4_ctr, kcapi_cipher_dec_sm4_ctr}};

} // namespace

TEST(convenience, aes_with_every_key_size) {
    for (const pair_of_calls &c : aes_calls)
        for (const octets &key : {key_16(), key_24(), key_32()})
            for (const std::size_t size : {std::size_t{16}, std::size_t{48}, std::size_t{200000}}) {
                const octets plain = pattern(size);
                const octets expected = reference(c.name, way::encrypt, key, iv_16(), plain);
                octets out(size + 32, 0xee);
                const auto key_len = static_cast<std::uint32_t>(key.size());
                ASSERT_EQ(c.encrypt(key.data(), key_len, plain.data(), size, iv_16().data(), out.data(),
                                    out.size()),
                          static_cast<ssize_t>(size));
                EXPECT_TRUE(out == expected + octets(32, 0xee)) << c.name << ' ' << size;
                octets back(size);
                ASSERT_EQ(
                    c.decrypt(key.data(), key_len, expected.data(), size, iv_16().data(), back.data(), size),
                    static_cast<ssize_t>(size));
                EXPECT_TRUE(back == plain) << c.name << ' ' << size;
            }
}

TEST(convenience, null_iv_stands_for_zeros_each_time) {
    const octets plain = pattern(32);
    octets out(32);
    for (const pair_of_calls &c : aes_calls)
        for (int i = 0; i < 2; ++i) {
            ASSERT_EQ(c.encrypt(key_16().data(), 16, plain.data(), 32, nullptr, out.data(), 32), 32);
            EXPECT_EQ(out, reference(c.name, way::encrypt, key_16(), octets(16), plain));
        }
}

TEST(convenience, errors_are_those_of_the_steps) {
    octets b = pattern(64);
    const std::uint8_t *const key = key_32().data();
    const std::uint8_t *const iv = iv_16().data();
    for (const pair_of_calls &c : aes_calls)
        for (const call f : {c.encrypt, c.decrypt}) {
            EXPECT_EQ(f(key, 17, b.data(), 16, iv, b.data(), 16), -EINVAL);
            EXPECT_EQ(f(key, 0, b.data(), 16, iv, b.data(), 16), -EINVAL);
            EXPECT_EQ(f(nullptr, 16, b.data(), 16, iv, b.data(), 16), -EFAULT);
            EXPECT_EQ(f(nullptr, 0, b.data(), 16, iv, b.data(), 16), -EINVAL);
            EXPECT_EQ(f(key, 16, nullptr, 16, iv, b.data(), 16), -EFAULT);
            EXPECT_EQ(f(key, 16, b.data(), 16, iv, nullptr, 16), -EFAULT);
            EXPECT_EQ(f(key, 16, b.data(), 32, iv, b.data(), 16), -EINVAL);
            EXPECT_EQ(f(key, 16, b.data(), 16, iv, b.data(), static_cast<std::size_t>(INT_MAX) + 1),
                      -EMSGSIZE);
            EXPECT_EQ(f(key, 16, b.data(), 0, iv, b.data(), 16), 0);
            EXPECT_EQ(f(key, 16, nullptr, 0, nullptr, nullptr, 0), 0);
        }
    EXPECT_EQ(kcapi_cipher_enc_aes_cbc(key, 16, b.data(), 15, iv, b.data(), 15), -EINVAL);
    EXPECT_EQ(b, pattern(64));
}

TEST(convenience, sm4_is_right_where_an_engine_has_it_and_refused_elsewhere) {
    // GB/T 32907, appendix A: one block. With cbc and zeros, and as key stream of ctr, that block shows as it
    // is.
    const octets text{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                      0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10};
    const octets encrypted{0x68, 0x1e, 0xdf, 0x34, 0xd2, 0x06, 0x96, 0x5e,
                           0x86, 0xb3, 0xe9, 0x4f, 0x53, 0x6e, 0x42, 0x46};
    for (const pair_of_calls &c : sm4_calls) {
        const bool is_ctr = c.name == std::string("ctr(sm4)");
        const octets zeros(16);
        const octets &in = is_ctr ? zeros : text;
        const octets &iv = is_ctr ? text : zeros;
        octets out(16, 0xee);
        const ssize_t n = c.encrypt(text.data(), 16, in.data(), 16, iv.data(), out.data(), 16);
        if (n == 16) {
            EXPECT_EQ(out, encrypted);
            octets back(16);
            EXPECT_EQ(c.decrypt(text.data(), 16, out.data(), 16, iv.data(), back.data(), 16), 16);
            EXPECT_EQ(back, in);
        } else {
            EXPECT_EQ(refusals(ENOENT).count(static_cast<int>(n)), 1U) << n;
            EXPECT_EQ(out, octets(16, 0xee));
            EXPECT_EQ(c.decrypt(text.data(), 16, in.data(), 16, iv.data(), out.data(), 16), n);
        }
    }
}
