// SPDX-License-Identifier: BSD-3-Clause
//
// The aead drivers over libcrypto, through the driver interface: known answers, lengths and in place, what a
// failure leaves behind.
#include "drivers/openssl/module.hpp"
#include "drivers/openssl/suite.hpp"
#include "support/aead_under_test.hpp"
#include "support/aead_vectors.hpp"
#include "support/driver_under_test.hpp"
#include "support/guard.hpp"
#include "support/repeated_mapping.hpp"

#include <gtest/gtest.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <span>

using namespace kcapi;
using namespace kcapi::test;

namespace {

constexpr const char *names[] = {"gcm(aes)", "ccm(aes)", "rfc7539(chacha20,poly1305)",
                                 "rfc7539esp(chacha20,poly1305)"};
/// Those that authenticate all of their associated data, and take any.
constexpr std::span plain_names = std::span(names).first<3>();

const local::driver &driver_for(const std::string &name) {
    return find_driver(*kcapi_driver_module_openssl(), name);
}

byte_vector key_for(const local::driver &d) { return pattern_key(d.sizes.max_key_size); }

/// For ccm a length field of `length_bytes`.
byte_vector iv_for(const local::driver &d, std::uint8_t length_bytes = 3) {
    byte_vector iv(d.sizes.iv_size, 0xa5);
    if (std::string_view(d.name) == "ccm(aes)")
        iv[0] = static_cast<std::uint8_t>(length_bytes - 1);
    return iv;
}

bool all_zero(const byte_vector &b) {
    return std::all_of(b.begin(), b.end(), [](std::uint8_t x) { return x == 0; });
}

void check_authentic(keyed_aead &aead, const aead_answer &v) {
    const auto s = aead.encrypt(v.iv, v.assoc, v.plaintext, v.tag.size());
    EXPECT_EQ(s.code, 0);
    EXPECT_EQ(s.ciphertext, v.ciphertext);
    EXPECT_EQ(s.tag, v.tag);
    const auto o = aead.decrypt(v.iv, v.assoc, v.ciphertext, v.tag);
    EXPECT_EQ(o.code, 0);
    EXPECT_EQ(o.plaintext, v.plaintext);
    byte_vector assoc = v.assoc;
    byte_vector data = v.plaintext;
    byte_vector tag(v.tag.size());
    const local::aead_message in_place{v.iv.data(), assoc, data.data(), data.data(), data.size()};
    EXPECT_EQ(aead.context().encrypt(in_place, tag), 0);
    EXPECT_EQ(data, v.ciphertext);
    EXPECT_EQ(tag, v.tag);
    EXPECT_EQ(aead.context().decrypt(in_place, tag), 0);
    EXPECT_EQ(data, v.plaintext);
}

void check_refused(keyed_aead &aead, const aead_answer &v) {
    const auto o = aead.decrypt(v.iv, v.assoc, v.ciphertext, v.tag);
    EXPECT_EQ(o.code, EBADMSG);
    EXPECT_TRUE(all_zero(o.plaintext)) << "plaintext that nobody vouches for";
}

/// How many were there.
std::size_t check(const std::string &name, const std::vector<aead_answer> &all) {
    for (const aead_answer &v : all) {
        SCOPED_TRACE(v.where);
        keyed_aead aead(driver_for(name), v.key);
        v.authentic ? check_authentic(aead, v) : check_refused(aead, v);
        if (testing::Test::HasFailure())
            break;
    }
    return all.size();
}

std::size_t not_authentic(const std::vector<aead_answer> &all) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [](const aead_answer &v) { return !v.authentic; }));
}

} // namespace

TEST(driver_openssl_aead, own_vectors_in_both_directions_and_in_place) {
    const aead_answers all = own_aead_answers(KCAPI_VECTOR_DIR);
    for (const char *const name : names)
        EXPECT_GE(check(name, all.at(name)), 4U) << name;
}

TEST(driver_openssl_aead, public_vectors) {
    const aead_answers all = public_aead_answers(KCAPI_PUBLIC_VECTOR_DIR);
    EXPECT_EQ(check("gcm(aes)", all.at("gcm(aes)")), 15750U);
    EXPECT_EQ(check("ccm(aes)", all.at("ccm(aes)")), 2880U);
    EXPECT_EQ(check("rfc7539(chacha20,poly1305)", all.at("rfc7539(chacha20,poly1305)")), 71U);
    EXPECT_GT(not_authentic(all.at("gcm(aes)")), 3000U);
    EXPECT_EQ(not_authentic(all.at("ccm(aes)")), 480U);
    EXPECT_EQ(not_authentic(all.at("rfc7539(chacha20,poly1305)")), 1U);
}

TEST(driver_openssl_aead, offers_these_drivers_with_these_limits) {
    struct expected {
        const char *name;
        const char *driver_name;
        std::uint32_t iv_size;
        std::initializer_list<std::uint32_t> tags;
    };
    const expected table[] = {
        {"gcm(aes)", "gcm-aes-openssl", 12, {4, 8, 12, 13, 14, 15, 16}},
        {"ccm(aes)", "ccm-aes-openssl", 16, {4, 6, 8, 10, 12, 14, 16}},
        {"rfc7539(chacha20,poly1305)", "rfc7539-chacha20-poly1305-openssl", 12, {16}},
        {"rfc7539esp(chacha20,poly1305)", "rfc7539esp-chacha20-poly1305-openssl", 8, {16}},
    };
    for (const expected &e : table) {
        const local::driver &d = driver_for(e.name);
        SCOPED_TRACE(e.name);
        EXPECT_STREQ(d.driver_name, e.driver_name);
        EXPECT_STREQ(d.provider, "openssl");
        EXPECT_EQ(d.priority, 300);
        EXPECT_EQ(d.sizes.block_size, 1U);
        EXPECT_EQ(d.sizes.iv_size, e.iv_size);
        for (std::uint32_t n = 0; n <= 65; ++n)
            EXPECT_EQ(d.sizes.takes_tag_size(n), std::count(e.tags.begin(), e.tags.end(), n) == 1) << n;
        EXPECT_TRUE(d.available(d, false));
    }
}

TEST(driver_openssl_aead, gcm_and_ccm_are_there_in_fips_mode_if_a_fips_provider_is) {
    const bool there = openssl::approved_suite().serves(openssl::mode::ecb);
    for (const char *const name : names) {
        const local::driver &d = driver_for(name);
        EXPECT_EQ(d.available(d, true), there && std::string_view(name).substr(0, 7) != "rfc7539") << name;
        // Back to what the other tests use.
        EXPECT_TRUE(d.available(d, false)) << name;
    }
}

TEST(driver_openssl_aead, key_lengths_are_those_of_the_cipher) {
    for (const char *const name : names) {
        const local::driver &d = driver_for(name);
        for (std::size_t n = 0; n <= 40; ++n) {
            const bool right =
                n == d.sizes.max_key_size || (d.sizes.min_key_size == 16 && (n == 16 || n == 24));
            std::unique_ptr<local::aead_key> key;
            EXPECT_EQ(d.make_aead(d, pattern_key(n), key), right ? 0 : EINVAL) << name << ' ' << n;
            EXPECT_EQ(key != nullptr, right);
        }
    }
}

TEST(driver_openssl_aead, every_changed_bit_is_noticed_and_nothing_is_left) {
    for (const char *const name : plain_names) {
        SCOPED_TRACE(name);
        const local::driver &d = driver_for(name);
        keyed_aead aead(d, key_for(d));
        const byte_vector iv = iv_for(d);
        const byte_vector assoc = pattern_message(21);
        const auto s = aead.encrypt(iv, assoc, pattern_message(35), 16);
        const auto refused = [&](const byte_vector &a, const byte_vector &c, const byte_vector &t) {
            const auto o = aead.decrypt(iv, a, c, t);
            return o.code == EBADMSG && all_zero(o.plaintext);
        };
        const auto changed = [](byte_vector b, std::size_t bit) {
            b[bit / 8] = static_cast<std::uint8_t>(b[bit / 8] ^ (1 << bit % 8));
            return b;
        };
        for (std::size_t i = 0; i < 8 * assoc.size(); ++i)
            EXPECT_TRUE(refused(changed(assoc, i), s.ciphertext, s.tag)) << i;
        for (std::size_t i = 0; i < 8 * s.ciphertext.size(); ++i)
            EXPECT_TRUE(refused(assoc, changed(s.ciphertext, i), s.tag)) << i;
        for (std::size_t i = 0; i < 8 * s.tag.size(); ++i)
            EXPECT_TRUE(refused(assoc, s.ciphertext, changed(s.tag, i))) << i;
        EXPECT_EQ(aead.decrypt(iv, assoc, s.ciphertext, s.tag).code, 0) << "and the context still works";
    }
}

TEST(driver_openssl_aead, tag_sizes_and_length_fields_may_change_between_messages) {
    const local::driver &d = driver_for("ccm(aes)");
    const byte_vector key = key_for(d);
    keyed_aead kept(d, key);
    for (std::uint8_t length_bytes = 2; length_bytes <= 8; ++length_bytes)
        for (std::uint32_t tag = 1; tag <= 16; ++tag) {
            if (!d.sizes.takes_tag_size(tag))
                continue;
            const byte_vector iv = iv_for(d, length_bytes);
            keyed_aead fresh(d, key);
            const auto expected = fresh.encrypt(iv, pattern_message(5), pattern_message(50), tag);
            const auto got = kept.encrypt(iv, pattern_message(5), pattern_message(50), tag);
            EXPECT_EQ(got.ciphertext, expected.ciphertext);
            EXPECT_EQ(got.tag, expected.tag);
            EXPECT_EQ(kept.decrypt(iv, pattern_message(5), got.ciphertext, got.tag).code, 0);
        }
}

TEST(driver_openssl_aead, ccm_refuses_ivs_and_lengths_that_its_block_cannot_tell) {
    const local::driver &d = driver_for("ccm(aes)");
    keyed_aead aead(d, key_for(d));
    const byte_vector assoc;
    for (const int first : {0, 8, 9, 0x41, 0x80, 0xff}) {
        byte_vector iv = iv_for(d);
        iv[0] = static_cast<std::uint8_t>(first);
        EXPECT_EQ(aead.encrypt(iv, assoc, pattern_message(16), 16).code, EINVAL) << first;
        const auto o = aead.decrypt(iv, assoc, pattern_message(16), pattern_message(16));
        EXPECT_EQ(o.code, EINVAL) << first;
        EXPECT_TRUE(all_zero(o.plaintext));
    }
    EXPECT_EQ(aead.encrypt(iv_for(d, 2), assoc, pattern_message(65535), 16).code, 0);
    EXPECT_EQ(aead.encrypt(iv_for(d, 2), assoc, pattern_message(65536), 16).code, EOVERFLOW);
    EXPECT_EQ(aead.encrypt(iv_for(d, 2), assoc, pattern_message(65537), 16).code, EOVERFLOW);
    EXPECT_EQ(aead.decrypt(iv_for(d, 2), assoc, pattern_message(65537), pattern_message(16)).code, EOVERFLOW);
    EXPECT_EQ(aead.encrypt(iv_for(d, 3), assoc, pattern_message(65537), 16).code, 0);
}

TEST(driver_openssl_aead, long_associated_data_and_nothing_to_encrypt) {
    for (const char *const name : plain_names) {
        SCOPED_TRACE(name);
        const local::driver &d = driver_for(name);
        keyed_aead aead(d, key_for(d));
        const byte_vector iv = iv_for(d);
        std::vector<byte_vector> tags;
        for (const std::size_t n : {0U, 1U, 65279U, 65280U, 65535U, 65536U, 200000U}) {
            const auto s = aead.encrypt(iv, pattern_message(n), {}, 16);
            ASSERT_EQ(s.code, 0) << n;
            EXPECT_EQ(aead.decrypt(iv, pattern_message(n), {}, s.tag).code, 0);
            EXPECT_EQ(std::count(tags.begin(), tags.end(), s.tag), 0) << n;
            tags.push_back(s.tag);
            byte_vector other = pattern_message(n);
            if (n != 0) {
                other.back() ^= 1;
                EXPECT_EQ(aead.decrypt(iv, other, {}, s.tag).code, EBADMSG) << n;
            }
        }
    }
}

TEST(driver_openssl_aead, buffers_are_not_left) {
    for (const char *const name : names)
        for (const guard_side side : {guard_side::start, guard_side::end})
            for (const std::size_t n : {0U, 1U, 16U, 100U, 4096U}) {
                const local::driver &d = driver_for(name);
                keyed_aead aead(d, key_for(d));
                const guarded_buffer iv(d.sizes.iv_size, side);
                const guarded_buffer assoc(13, side);
                const guarded_buffer in(n, side);
                const guarded_buffer out(n, side);
                const guarded_buffer tag(16, side);
                const byte_vector good_iv = iv_for(d);
                std::copy(good_iv.begin(), good_iv.end(), iv.data());
                EXPECT_EQ(aead.context().encrypt({iv.data(), {assoc.data(), 13}, in.data(), out.data(), n},
                                                 {tag.data(), 16}),
                          0);
                EXPECT_EQ(aead.context().decrypt({iv.data(), {assoc.data(), 13}, out.data(), in.data(), n},
                                                 {tag.data(), 16}),
                          0);
            }
}

using evp_context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

evp_context make_evp(const char *cipher, const byte_vector &key, const byte_vector &iv, int encrypts) {
    evp_context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
    EXPECT_EQ(EVP_CipherInit_ex(context.get(), EVP_get_cipherbyname(cipher), nullptr, key.data(), iv.data(),
                                encrypts),
              1);
    return context;
}

/// The tag of a ciphertext that is one mebibyte again and again, by libcrypto itself in such pieces.
byte_vector reference_tag(const char *cipher, const byte_vector &key, const byte_vector &iv,
                          const byte_vector &piece, std::size_t count) {
    const evp_context decrypts = make_evp(cipher, key, iv, 0);
    const evp_context encrypts = make_evp(cipher, key, iv, 1);
    byte_vector text(piece.size());
    byte_vector tag(16);
    const int size = static_cast<int>(piece.size());
    int n = 0;
    bool good = true;
    for (std::size_t i = 0; i < count && good; ++i)
        good = EVP_DecryptUpdate(decrypts.get(), text.data(), &n, piece.data(), size) == 1 &&
               EVP_EncryptUpdate(encrypts.get(), text.data(), &n, text.data(), size) == 1;
    EXPECT_TRUE(good && text == piece);
    EXPECT_EQ(EVP_EncryptFinal_ex(encrypts.get(), text.data(), &n), 1);
    EXPECT_EQ(EVP_CIPHER_CTX_ctrl(encrypts.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag.data()), 1);
    return tag;
}

TEST(driver_openssl_aead, texts_above_two_gibibytes_are_one_message_where_libcrypto_can) {
    constexpr std::size_t mebibyte = std::size_t{1} << 20;
    constexpr std::size_t count = 2049;
    const repeated_mapping in(mebibyte, count);
    const repeated_mapping out(mebibyte, count);
    const byte_vector piece = pattern_message(mebibyte);
    std::copy(piece.begin(), piece.end(), in.data());
    for (const auto &[name, cipher] : {std::pair{"gcm(aes)", "AES-256-GCM"},
                                       std::pair{"rfc7539(chacha20,poly1305)", "ChaCha20-Poly1305"}}) {
        const local::driver &d = driver_for(name);
        keyed_aead aead(d, key_for(d));
        const byte_vector tag = reference_tag(cipher, key_for(d), iv_for(d), piece, count);
        EXPECT_EQ(
            aead.context().decrypt({iv_for(d).data(), {}, in.data(), out.data(), count * mebibyte}, tag), 0)
            << name;
    }
    const local::driver &d = driver_for("ccm(aes)");
    keyed_aead aead(d, key_for(d));
    byte_vector tag(16);
    EXPECT_EQ(aead.context().encrypt({iv_for(d, 4).data(), {}, in.data(), out.data(), count * mebibyte}, tag),
              EMSGSIZE);
}

TEST(driver_openssl_aead, a_refused_message_leaves_the_programs_error_queue) {
    for (const char *const name : plain_names) {
        const local::driver &d = driver_for(name);
        keyed_aead aead(d, key_for(d));
        ERR_clear_error();
        ERR_raise(ERR_LIB_USER, 77);
        const unsigned long mine = ERR_peek_last_error();
        EXPECT_EQ(aead.decrypt(iv_for(d), {}, pattern_message(16), pattern_message(16)).code, EBADMSG);
        EXPECT_EQ(ERR_peek_error(), mine) << name;
        EXPECT_EQ(ERR_peek_last_error(), mine) << name;
        ERR_clear_error();
    }
}
