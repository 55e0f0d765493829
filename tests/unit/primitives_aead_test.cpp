// SPDX-License-Identifier: BSD-3-Clause
//
// The aead templates over real parts: against libcrypto's own modes, and rule by rule.
#include "support/aead_under_test.hpp"
#include "support/primitives.hpp"

#include <array>

using namespace kcapi;
using namespace kcapi::local;
using namespace kcapi::test;

namespace {

const driver &aead(const std::string &name) { return served(driver_kind::aead, name); }

octets blob(std::size_t hash_size, std::size_t cipher_size) {
    octets key{8, 0, 1, 0, 0, 0, 0, static_cast<std::uint8_t>(cipher_size)};
    for (std::size_t i = 0; i < hash_size + cipher_size; ++i)
        key.push_back(static_cast<std::uint8_t>(7 * (i < hash_size ? i : 40 + i - hash_size) + 1));
    return key;
}

/// A message in place, whose associated data stand before it.
struct packet {
    octets data;
    std::size_t assoc_size;
    [[nodiscard]] base::mutable_bytes assoc() { return base::mutable_bytes(data).first(assoc_size); }
    [[nodiscard]] aead_message message(const octets &iv) {
        std::uint8_t *const text = data.data() + assoc_size;
        return {iv.data(), assoc(), text, text, data.size() - assoc_size};
    }
};

} // namespace

TEST(primitives_aead, templates_agree_with_the_modes_of_libcrypto) {
    std::mt19937 random(4);
    for (const auto &[ours, theirs] :
         {std::pair{"gcm(aes-openssl)", "gcm-aes-openssl"}, std::pair{"ccm(aes-openssl)", "ccm-aes-openssl"}})
        for (int i = 0; i < 300; ++i) {
            const octets key = random_octets(16 + 8 * (random() % 3), random);
            octets iv = random_octets(aead(ours).sizes.iv_size, random);
            if (iv.size() == 16)
                iv[0] = static_cast<std::uint8_t>(1 + random() % 7);
            const octets assoc = random_octets(random() % 70, random);
            const octets text = random_octets(random() % 700, random);
            const std::size_t tag_size = std::array<std::size_t, 4>{4, 8, 12, 16}[random() % 4];
            keyed_aead a(aead(ours), key);
            keyed_aead b(aead(theirs), key);
            const auto made = a.encrypt(iv, assoc, text, tag_size);
            const auto wanted = b.encrypt(iv, assoc, text, tag_size);
            ASSERT_EQ(made.code, 0);
            ASSERT_EQ(made.ciphertext, wanted.ciphertext) << ours << i;
            ASSERT_EQ(made.tag, wanted.tag) << ours << i;
            const auto opened = a.decrypt(iv, assoc, wanted.ciphertext, wanted.tag);
            EXPECT_EQ(opened.code, 0);
            EXPECT_EQ(opened.plaintext, text);
        }
}

TEST(primitives_aead, long_associated_data_have_a_longer_length_field) {
    for (const std::size_t size : {65279U, 65280U, 70000U}) {
        const octets assoc(size, 3);
        octets iv(16, 1);
        keyed_aead a(aead("ccm(aes-openssl)"), octets(16, 2));
        keyed_aead b(aead("ccm-aes-openssl"), octets(16, 2));
        EXPECT_EQ(a.encrypt(iv, assoc, octets(20, 5), 16).tag, b.encrypt(iv, assoc, octets(20, 5), 16).tag)
            << size;
    }
}

TEST(primitives_aead, ccm_has_the_limits_of_its_iv) {
    keyed_aead a(aead("ccm(camellia)"), octets(16, 2));
    octets iv(16, 0);
    const octets text(65537, 1);
    for (const auto &[first, code] :
         {std::pair{0, EINVAL}, {1, EOVERFLOW}, {2, 0}, {7, 0}, {8, EINVAL}, {255, EINVAL}}) {
        iv[0] = static_cast<std::uint8_t>(first);
        EXPECT_EQ(a.encrypt(iv, {}, text, 16).code, code) << first;
    }
    iv[0] = 1;
    EXPECT_EQ(a.encrypt(iv, {}, base::bytes(text).first(65536), 16).code, 0) << "as the kernel has it";
    const auto refused = a.decrypt(iv, {}, text, octets(16));
    EXPECT_EQ(refused.code, EOVERFLOW);
    EXPECT_EQ(refused.plaintext, octets(text.size(), 0));
}

TEST(primitives_aead, what_is_not_authentic_leaves_nothing) {
    for (const char *const name : {"gcm(serpent)", "ccm(twofish)", "aegis128"}) {
        keyed_aead a(aead(name), octets(16, 2));
        const octets iv(aead(name).sizes.iv_size, 3);
        auto s = a.encrypt(iv, octets(5, 1), octets(40, 7), 16);
        s.ciphertext[39] ^= 1;
        const auto o = a.decrypt(iv, octets(5, 1), s.ciphertext, s.tag);
        EXPECT_EQ(o.code, EBADMSG) << name;
        EXPECT_EQ(o.plaintext, octets(40, 0)) << name;
    }
    keyed_aead k(aead("krb5enc(hmac(sha256),cts(cbc(aes)))"), blob(16, 16));
    const auto s = k.encrypt(octets(16, 1), octets(8, 1), octets(40, 7), 16);
    const auto o = k.decrypt(octets(16, 1), octets(8, 2), s.ciphertext, s.tag);
    EXPECT_EQ(o.code, EBADMSG);
    EXPECT_EQ(o.plaintext, octets(40, 0)) << "it has been decrypted already";
}

TEST(primitives_aead, authencesn_puts_the_upper_half_of_the_number_last) {
    const octets key = blob(32, 16);
    keyed_aead esn(aead("authencesn(hmac(sha256),cbc(aes))"), key);
    keyed_aead plain(aead("authenc(hmac(sha256),cbc(aes))"), key);
    const octets iv(16, 1);
    const octets text(32, 7);
    // Without ciphertext behind it, the last of the associated data is the last of all.
    const octets assoc{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    EXPECT_EQ(esn.encrypt(iv, assoc, {}, 16).tag,
              plain.encrypt(iv, {1, 2, 3, 4, 9, 10, 5, 6, 7, 8}, {}, 16).tag);
    EXPECT_EQ(esn.encrypt(iv, assoc, text, 16).ciphertext, plain.encrypt(iv, assoc, text, 16).ciphertext);
    EXPECT_EQ(esn.encrypt(iv, octets(7), text, 16).code, EINVAL);
    EXPECT_EQ(esn.decrypt(iv, octets(7), text, octets(16)).code, EINVAL);
    const limits &sizes = aead("authencesn(hmac(sha256),cbc(aes))").sizes;
    for (std::uint32_t n = 0; n <= 40; ++n)
        EXPECT_EQ(sizes.takes_tag_size(n), n >= 4 && n <= 32) << n;
}

TEST(primitives_aead, essiv_replaces_the_iv_in_the_associated_data_when_encrypting) {
    keyed_aead a(aead("essiv(authenc(hmac(sha256),cbc(aes)),sha256)"), blob(32, 16));
    octets iv(16);
    for (std::size_t i = 0; i < 16; ++i)
        iv[i] = static_cast<std::uint8_t>(0xa0 + i);
    packet p{octets(84, 0x33), 20};
    octets tag(16);
    ASSERT_EQ(a.context().encrypt(p.message(iv), tag), 0);
    const octets replaced{0x20, 0x65, 0xe5, 0xc4, 0x41, 0x2c, 0x98, 0xf9,
                          0x00, 0x9d, 0x68, 0x5a, 0x50, 0xc9, 0xe3, 0x1a};
    EXPECT_EQ(octets(p.data.begin(), p.data.begin() + 4), octets(4, 0x33));
    EXPECT_EQ(octets(p.data.begin() + 4, p.data.begin() + 20), replaced) << "recorded from Linux 6.12";
    packet changed = p;
    changed.data[19] ^= 1;
    EXPECT_EQ(a.context().decrypt(changed.message(iv), tag), EBADMSG) << "what is sent there counts";
    ASSERT_EQ(a.context().decrypt(p.message(iv), tag), 0);
    EXPECT_EQ(octets(p.data.begin() + 20, p.data.end()), octets(64, 0x33));
    EXPECT_EQ(a.encrypt(iv, octets(15), octets(16), 16).code, EINVAL);
}

TEST(primitives_aead, seqiv_sends_its_iv_and_hides_the_number) {
    const octets key(20, 9);
    const octets iv{0, 0, 0, 0, 0, 0, 0, 5};
    keyed_aead one(aead("seqiv(rfc4106(gcm(aes)))"), key);
    keyed_aead other(aead("seqiv(rfc4106(gcm(aes)))"), key);
    keyed_aead inner(aead("rfc4106(gcm(aes))"), key);
    octets text(40, 0x33);
    const auto s = one.encrypt(iv, octets(8, 1), text, 16);
    ASSERT_EQ(s.code, 0);
    const octets sent(s.ciphertext.begin(), s.ciphertext.begin() + 8);
    EXPECT_NE(sent, iv);
    const auto t = other.encrypt(iv, octets(8, 1), text, 16);
    EXPECT_NE(octets(t.ciphertext.begin(), t.ciphertext.begin() + 8), sent)
        << "each key has a salt of its own";
    octets assoc(8 + sent.size(), 1);
    std::copy(sent.begin(), sent.end(), assoc.begin() + 8);
    const auto direct = inner.decrypt(sent, assoc, base::bytes(s.ciphertext).subspan(8), s.tag);
    EXPECT_EQ(direct.code, 0);
    EXPECT_EQ(direct.plaintext, octets(32, 0x33));
    const auto o = other.decrypt(iv, octets(8, 1), s.ciphertext, s.tag);
    EXPECT_EQ(o.code, 0) << "the receiver needs no salt";
    EXPECT_EQ(octets(o.plaintext.begin() + 8, o.plaintext.end()), octets(32, 0x33));
    EXPECT_EQ(one.encrypt(iv, octets(8), octets(7), 16).code, EINVAL);
    EXPECT_EQ(one.encrypt(iv, octets(16), octets(40), 16).code, EINVAL) << "24 bytes to the inner one";
}

/// The same bytes in place and from one buffer to another, on either side of the IV.
TEST(primitives_aead, echainiv_sends_the_first_block) {
    const octets key = blob(32, 16);
    const octets iv(16, 4);
    keyed_aead a(aead("echainiv(authenc(hmac(sha256),cbc(aes)))"), key);
    keyed_aead inner(aead("authenc(hmac(sha256),cbc(aes))"), key);
    packet p{octets(24 + 48, 0x33), 24};
    octets tag(16);
    ASSERT_EQ(a.context().encrypt(p.message(iv), tag), 0);
    const auto apart = a.encrypt(iv, octets(24, 0x33), octets(48, 0x33), 16);
    EXPECT_EQ(apart.ciphertext, octets(p.data.begin() + 24, p.data.end()));
    EXPECT_EQ(apart.tag, tag);
    const octets sent(p.data.begin() + 24, p.data.begin() + 40);
    const octets assoc(p.data.begin(), p.data.begin() + 40);
    const auto direct = inner.decrypt(sent, assoc, base::bytes(p.data).subspan(40), tag);
    EXPECT_EQ(direct.code, 0);
    EXPECT_EQ(direct.plaintext, octets(32, 0x33));
    ASSERT_EQ(a.context().decrypt(p.message(iv), tag), 0);
    EXPECT_EQ(octets(p.data.begin() + 40, p.data.end()), octets(32, 0x33));
    EXPECT_EQ(a.encrypt(iv, {}, octets(15), 16).code, EINVAL);
}

TEST(primitives_aead, parts_that_do_not_fit_are_refused) {
    const auto code = [](driver_kind type, const std::string &name) {
        const result<const driver *> d = everything().find(type, name);
        return d ? 0 : d.error().code;
    };
    for (const char *const name :
         {"gcm(des)", "ccm(blowfish)", "seqiv(gcm(aes))", "echainiv(gcm(aes))", "essiv(gcm(aes),sha256)",
          "essiv(authenc(hmac(sha256),ctr(aes)),sha256)", "essiv(authenc(hmac(sha256),cbc(aes)),sha512)",
          "authencesn(sha256,cbc(aes))"})
        EXPECT_NE(code(driver_kind::aead, name), 0) << name;
    for (const char *const name : {"xcbc(des)", "xcbc(blowfish)", "xcbc(cipher_null)", "hmac(michael_mic)"})
        EXPECT_EQ(code(driver_kind::hash, name), EINVAL) << name;
}
