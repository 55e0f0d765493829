// SPDX-License-Identifier: BSD-3-Clause
//
// Templates built over drivers: what they carry from pass to pass, in place, lengths they refuse, and that
// they agree with the modes that a library has.
#include "templates_fixture.hpp"

#include <openssl/evp.h>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

struct subject {
    const char *name;
    std::size_t key_size;
    bool continues; ///< else a pass without an IV starts again

    friend void PrintTo(const subject &s, std::ostream *out) { *out << s.name; }
};

constexpr subject subjects[] = {
    {"ecb(aes-openssl)", 16, true},
    {"cbc(aes-openssl)", 24, true},
    {"ctr(aes-openssl)", 32, true},
    {"pcbc(aes)", 16, true},
    {"cfb(aes)", 16, true},
    {"ofb(aes)", 16, true},
    {"lrw(aes)", 32, true},
    {"pcbc(des)", 8, true},
    {"cfb(blowfish)", 16, true},
    {"ofb(des3_ede)", 24, true},
    {"lrw(camellia)", 48, true},
    {"cbc(cipher_null)", 0, true},
    {"cfb(cipher_null)", 0, true},
    {"xts(aes-openssl)", 64, false},
    {"xts(camellia)", 32, false},
    {"xctr(aes)", 16, false},
    {"rfc3686(ctr(aes))", 20, false},
    {"hctr2(aes)", 32, false},
    {"hctr2(camellia)", 24, false},
    {"adiantum(xchacha12,aes)", 32, false},
    {"adiantum(xchacha20,camellia)", 32, false},
    {"chacha20-portable", 32, false},
    {"chacha20-openssl", 32, false},
    {"xchacha20-portable", 32, false},
    {"xchacha20-openssl", 32, false},
    {"xchacha12", 32, false},
};

class template_subject : public testing::TestWithParam<subject> {
  protected:
    const local::driver &driver_ = skcipher(GetParam().name);
    keyed_driver keyed_{driver_, pattern(GetParam().key_size, 7)};
    const byte_vector iv_ = pattern(driver_.sizes.iv_size, 13);
};

std::string parameter_name(const testing::TestParamInfo<subject> &info) {
    std::string name = info.param.name;
    for (char &c : name)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0)
            c = '_';
    return name;
}

/// Both serve the same lengths and give the same, also into a second pass that brings no IV.
void expect_agreement(const char *one, const char *other, std::size_t key_size) {
    SCOPED_TRACE(std::string(one) + " and " + other);
    std::mt19937 random(1);
    const local::driver &a = skcipher(one);
    const local::driver &b = skcipher(other);
    EXPECT_NE(&a, &b);
    EXPECT_STREQ(a.name, b.name);
    EXPECT_GT(a.priority, b.priority);
    const byte_vector key = random_bytes(key_size, random);
    keyed_driver first(a, key);
    keyed_driver second(b, key);
    for (int i = 0; i < 300; ++i) {
        const byte_vector iv = random_bytes(a.sizes.iv_size, random);
        const byte_vector in =
            random_bytes(random() % (i < 200 ? 100 : 5000) / a.sizes.block_size * a.sizes.block_size, random);
        if (std::string_view(a.name).starts_with("xts") && in.size() < 16)
            continue;
        for (const direction d : both_ways) {
            ASSERT_EQ(first.message(d, iv, in), second.message(d, iv, in)) << in.size();
            if (!std::string_view(a.name).starts_with("xts")) {
                ASSERT_EQ(first.pass(d, in), second.pass(d, in)) << in.size();
            }
        }
    }
}

byte_vector by_libcrypto(const char *cipher, const byte_vector &key, const byte_vector &iv, direction d,
                         const byte_vector &in) {
    EVP_CIPHER *const c = EVP_CIPHER_fetch(nullptr, cipher, nullptr);
    EVP_CIPHER_CTX *const context = EVP_CIPHER_CTX_new();
    byte_vector out(in.size() + 32);
    int n = 0;
    EXPECT_EQ(1, EVP_CipherInit_ex2(context, c, key.data(), iv.data(), d == direction::encrypt, nullptr));
    EXPECT_EQ(1, EVP_CipherUpdate(context, out.data(), &n, in.data(), static_cast<int>(in.size())));
    out.resize(static_cast<std::size_t>(n));
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(c);
    return out;
}

} // namespace

TEST_P(template_subject, decrypts_what_it_encrypts_at_every_length) {
    for (std::size_t n = 0; n <= 200; ++n) {
        const byte_vector in = pattern(n, 31);
        byte_vector out(n);
        keyed_.set_iv(iv_);
        const int code = keyed_.pass(direction::encrypt, in.data(), out.data(), n);
        if (code != 0) {
            EXPECT_EQ(EINVAL, code);
            EXPECT_TRUE(n < 16 || n % driver_.sizes.block_size != 0) << n;
            continue;
        }
        EXPECT_EQ(in, keyed_.message(direction::decrypt, iv_, out)) << n;
    }
}

TEST_P(template_subject, works_in_place) {
    for (const std::size_t n : {16U, 48U, 64U, 1024U, 1040U, 4096U})
        for (const direction d : both_ways) {
            byte_vector data = pattern(n, 31);
            const byte_vector out = keyed_.message(d, iv_, data);
            keyed_.set_iv(iv_);
            ASSERT_EQ(0, keyed_.pass(d, data.data(), data.data(), n));
            EXPECT_EQ(out, data) << n;
        }
}

TEST_P(template_subject, carries_on_as_the_kernel_does) {
    const std::size_t unit = std::max<std::size_t>(driver_.sizes.chunk_size, 16);
    const byte_vector in = pattern(8 * unit, 31);
    const base::bytes all(in);
    for (const direction d : both_ways) {
        const byte_vector whole = keyed_.message(d, iv_, in);
        for (std::size_t cut = unit; cut < in.size(); cut += unit) {
            const byte_vector first = keyed_.message(d, iv_, all.first(cut));
            const byte_vector second = keyed_.pass(d, all.subspan(cut));
            if (GetParam().continues) {
                EXPECT_EQ(whole, joined(first, second)) << cut;
            } else {
                EXPECT_EQ(keyed_.message(d, iv_, all.subspan(cut)), second) << cut;
            }
        }
    }
}

TEST_P(template_subject, every_bit_of_key_and_iv_counts) {
    const byte_vector in = pattern(64, 31);
    const byte_vector out = keyed_.message(direction::encrypt, iv_, in);
    if (std::string_view(driver_.name).find("cipher_null") == std::string_view::npos) {
        EXPECT_NE(in, out);
    }
    for (std::size_t i = 0; i < iv_.size(); ++i) {
        byte_vector iv = iv_;
        iv[i] ^= 0x10;
        EXPECT_NE(out, keyed_.message(direction::encrypt, iv, in)) << "IV byte " << i;
    }
    for (std::size_t i = 0; i < GetParam().key_size; ++i) {
        byte_vector key = pattern(GetParam().key_size, 7);
        key[i] ^= 0x10;
        keyed_driver other(driver_, key);
        EXPECT_NE(out, other.message(direction::encrypt, iv_, in)) << "key byte " << i;
    }
}

INSTANTIATE_TEST_SUITE_P(templates, template_subject, testing::ValuesIn(subjects), parameter_name);

TEST(templates, agree_with_the_modes_of_the_library) {
    expect_agreement("ecb-aes-openssl", "ecb(aes-openssl)", 16);
    expect_agreement("cbc-aes-openssl", "cbc(aes-openssl)", 24);
    expect_agreement("ctr-aes-openssl", "ctr(aes-openssl)", 32);
    expect_agreement("xts-aes-openssl", "xts(aes-openssl)", 64);
    for (const char *const cipher : {"camellia", "aria", "sm4", "seed"}) {
        const std::string c = cipher;
        expect_agreement(("cbc-" + c + "-openssl").c_str(), ("cbc(" + c + "-openssl)").c_str(), 16);
        if (c != "seed")
            expect_agreement(("ctr-" + c + "-openssl").c_str(), ("ctr(" + c + "-openssl)").c_str(), 16);
    }
    expect_agreement("cbc-des-openssl", "cbc(des-openssl)", 8);
    expect_agreement("cbc-des3_ede-openssl", "cbc(des3_ede-openssl)", 24);
    expect_agreement("cbc-blowfish-openssl", "cbc(blowfish-openssl)", 56);
    expect_agreement("cbc-cast5-openssl", "cbc(cast5-openssl)", 9);
    expect_agreement("chacha20-openssl", "chacha20-portable", 32);
    expect_agreement("xchacha20-openssl", "xchacha20-portable", 32);
}

TEST(templates, cfb_and_ofb_agree_with_libcrypto) {
    std::mt19937 random(2);
    const std::pair<const char *, const char *> modes[] = {
        {"cfb(aes)", "AES-256-CFB"}, {"ofb(aes)", "AES-256-OFB"}, {"cfb(camellia)", "CAMELLIA-256-CFB"}};
    for (const auto &[name, cipher] : modes)
        for (int i = 0; i < 100; ++i) {
            const byte_vector key = random_bytes(32, random);
            const byte_vector iv = random_bytes(16, random);
            const byte_vector in = random_bytes(random() % 200, random);
            keyed_driver d(skcipher(name), key);
            for (const direction way : both_ways)
                EXPECT_EQ(by_libcrypto(cipher, key, iv, way, in), d.message(way, iv, in))
                    << name << in.size();
        }
}

TEST(templates, the_counter_of_chacha_wraps_alike) {
    for (const int low : {0xfc, 0xff}) {
        byte_vector iv(32, 0xff);
        iv[24] = static_cast<std::uint8_t>(low);
        const byte_vector in = pattern(1000, 31);
        keyed_driver a(skcipher("xchacha20-openssl"), pattern(32, 7));
        keyed_driver b(skcipher("xchacha20-portable"), pattern(32, 7));
        EXPECT_EQ(a.message(direction::encrypt, iv, in), b.message(direction::encrypt, iv, in));
    }
}
