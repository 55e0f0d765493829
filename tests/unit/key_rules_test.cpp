// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel's rules of keys through the seam, over the drivers of the build: what is taken though other
// libraries refuse it, what the parts of a combined key are, and each malformed form of the blob of authenc.
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>

using namespace kcapi;
using namespace kcapi::test;

namespace {

using octets = std::vector<std::uint8_t>;

alg::engine &engine() {
    static const std::unique_ptr<alg::engine> e = local::make_engine(local::linked_modules(), {});
    return *e;
}

octets counting(std::size_t size, unsigned first = 1) {
    octets v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(first + 7 * i);
    return v;
}

octets operator+(octets a, const octets &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::shared_ptr<alg::transform> opened(alg::kind kind, const std::string &name) {
    const auto t = engine().open(kind, name);
    if (!t)
        throw std::runtime_error(name + ": error " + std::to_string(t.error().code));
    return *t;
}

int key_code(alg::kind kind, const std::string &name, const octets &key) {
    const auto r = opened(kind, name)->set(alg::parameter::key, key);
    return r ? 0 : r.error().code;
}

/// A whole message, or the number it fails with as text.
std::string encrypted(alg::kind kind, const std::string &name, const octets &key, const octets &iv,
                      const octets &in, std::size_t assoc = 0, std::size_t tag = 0) {
    const auto t = opened(kind, name);
    if (const auto r = t->set(alg::parameter::key, key); !r)
        return ::strerrorname_np(r.error().code);
    if (tag != 0) {
        EXPECT_TRUE(t->set_tag_size(static_cast<std::uint32_t>(tag)));
    }
    const auto op = t->accept();
    if (!op)
        return ::strerrorname_np(op.error().code);
    octets out(in.size() + tag);
    const iovec from = base::to_iovec(base::bytes(in));
    const iovec to = base::to_iovec(base::mutable_bytes(out));
    alg::control header{alg::op_code::encrypt, std::nullopt, static_cast<std::uint32_t>(assoc)};
    if (!iv.empty())
        header.iv = base::bytes(iv);
    const auto n = (*op)->crypt({.in = {&from, 1}, .out = {&to, 1}, .header = &header});
    return n ? to_hex(out.data(), *n) : ::strerrorname_np(n.error().code);
}

std::string cipher(const std::string &name, const octets &key, const octets &iv, const octets &in) {
    return encrypted(alg::kind::skcipher, name, key, iv, in);
}

const octets weak_des_keys[] = {from_hex("0101010101010101"), from_hex("fefefefefefefefe"),
                                from_hex("e0e0e0e0f1f1f1f1"), from_hex("1f1f1f1f0e0e0e0e"),
                                from_hex("01fe01fe01fe01fe"), from_hex("0000000000000000")};

/// The lengths of keys up to `longest` that are taken.
std::vector<std::size_t> taken(alg::kind kind, const std::string &name, std::size_t longest) {
    std::vector<std::size_t> all;
    for (std::size_t n = 0; n <= longest; ++n)
        if (key_code(kind, name, counting(n)) == 0)
            all.push_back(n);
    return all;
}

octets blob(const octets &hash, const octets &cipher_key) {
    return octets{8, 0, 1, 0, 0, 0, 0, static_cast<std::uint8_t>(cipher_key.size())} + hash + cipher_key;
}

} // namespace

TEST(key_rules, weak_keys_of_des_are_taken_everywhere) {
    const octets block = counting(16);
    for (const octets &weak : weak_des_keys) {
        for (const char *const name : {"ecb(des)", "cbc(des)", "ctr(des)", "pcbc(des)", "cts(cbc(des))"})
            EXPECT_EQ(32U, cipher(name, weak, name[0] == 'e' ? octets() : octets(8), block).size()) << name;
        EXPECT_EQ(0, key_code(alg::kind::hash, "cmac(des)", weak));
    }
    // A key under which encryption undoes itself is one.
    const std::string once = cipher("ecb(des)", weak_des_keys[0], {}, block);
    EXPECT_EQ(to_hex(block.data(), block.size()), cipher("ecb(des)", weak_des_keys[0], {}, from_hex(once)));
}

TEST(key_rules, parts_of_a_triple_des_key_may_be_equal) {
    const octets a = counting(8, 1), b = counting(8, 99), block = counting(16);
    for (const octets &key : {a + a + a, a + a + b, b + a + a, a + b + a})
        for (const char *const name : {"cbc(des3_ede)", "ctr(des3_ede)", "ecb(des3_ede)"})
            EXPECT_EQ(32U, cipher(name, key, name[0] == 'e' ? octets() : octets(8), block).size()) << name;
    EXPECT_EQ(cipher("ecb(des)", a, {}, block), cipher("ecb(des3_ede)", a + a + a, {}, block));
    EXPECT_EQ(cipher("ecb(des)", b, {}, block), cipher("ecb(des3_ede)", a + a + b, {}, block));
    EXPECT_EQ(std::vector<std::size_t>{24}, taken(alg::kind::skcipher, "cbc(des3_ede)", 40));
    EXPECT_EQ(std::vector<std::size_t>{8}, taken(alg::kind::skcipher, "cbc(des)", 40));
}

TEST(key_rules, halves_of_an_xts_key_may_be_equal_and_are_halves) {
    const octets iv = counting(16), block = counting(16, 5);
    for (const std::size_t half : {16U, 24U, 32U}) {
        EXPECT_EQ(32U, cipher("xts(aes)", octets(2 * half, 7), iv, block).size());
        EXPECT_EQ(32U, cipher("xts(camellia)", octets(2 * half, 7), iv, block).size());
        // One block by its definition: E1(block ^ E2(IV)) ^ E2(IV).
        const octets k1 = counting(half, 1), k2 = counting(half, 77);
        const octets tweak = from_hex(cipher("ecb(aes)", k2, {}, iv));
        octets masked = block;
        for (std::size_t i = 0; i < 16; ++i)
            masked[i] ^= tweak[i];
        octets out = from_hex(cipher("ecb(aes)", k1, {}, masked));
        for (std::size_t i = 0; i < 16; ++i)
            out[i] ^= tweak[i];
        EXPECT_EQ(to_hex(out.data(), 16), cipher("xts(aes)", k1 + k2, iv, block)) << half;
    }
    EXPECT_EQ((std::vector<std::size_t>{32, 48, 64}), taken(alg::kind::skcipher, "xts(aes)", 130));
}

TEST(key_rules, the_end_of_an_rfc3686_key_is_the_nonce) {
    const octets key = counting(16), nonce = counting(4, 200), iv = counting(8, 50), in = counting(50, 3);
    EXPECT_EQ(cipher("ctr(aes)", key, nonce + iv + octets{0, 0, 0, 1}, in),
              cipher("rfc3686(ctr(aes))", key + nonce, iv, in));
    EXPECT_EQ((std::vector<std::size_t>{20, 28, 36}), taken(alg::kind::skcipher, "rfc3686(ctr(aes))", 130));
    EXPECT_EQ("EINVAL", cipher("rfc3686(ctr(aes))", key + nonce, counting(16), in)) << "a whole counter";
}

TEST(key_rules, modes_with_keys_of_their_own_take_these_lengths) {
    const std::pair<const char *, std::vector<std::size_t>> cases[] = {
        {"lrw(aes)", {32, 40, 48}},
        {"lrw(cast6)", {32, 36, 40, 44, 48}},
        {"adiantum(xchacha12,aes)", {32}},
        {"adiantum(xchacha20,camellia)", {32}},
        {"hctr2(aes)", {16, 24, 32}},
        {"essiv(cbc(aes),sha256)", {16, 24, 32}},
        {"essiv(cbc(aes),sha1)", {}},
        {"kw(aes)", {16, 24, 32}},
        {"cts(cbc(aes))", {16, 24, 32}},
        {"xctr(aes)", {16, 24, 32}},
        {"pcbc(fcrypt)", {8}},
        {"chacha20", {32}},
        {"xchacha12", {32}},
    };
    for (const auto &[name, lengths] : cases)
        EXPECT_EQ(lengths, taken(alg::kind::skcipher, name, 130)) << name;
    EXPECT_EQ((std::vector<std::size_t>{16, 24, 32}), taken(alg::kind::hash, "xcbc(aes)", 130));
    EXPECT_EQ(std::vector<std::size_t>{16}, taken(alg::kind::hash, "vmac64(aes)", 130));
    EXPECT_EQ(131U, taken(alg::kind::hash, "hmac(sha256)", 130).size());
}

TEST(key_rules, cts_takes_every_length_from_a_block_on) {
    const std::pair<const char *, std::size_t> cases[] = {
        {"cts(cbc(aes))", 16}, {"cts(cbc(camellia))", 16}, {"cts(cbc(des))", 8}, {"cts(cbc(des3_ede))", 8}};
    for (const auto &[name, block] : cases) {
        const octets key = counting(block == 16                                                     ? 16
                                    : std::string_view(name).find("des3") != std::string_view::npos ? 24
                                                                                                    : 8);
        for (std::size_t n = 1; n <= 70; ++n) {
            const std::string out = cipher(name, key, octets(block), counting(n));
            if (n < block) {
                EXPECT_EQ("EINVAL", out) << name << ' ' << n;
            } else {
                EXPECT_EQ(2 * n, out.size()) << name << ' ' << n;
            }
        }
    }
}

TEST(key_rules, a_blob_that_is_none_is_refused_by_everything_over_authenc) {
    for (const char *const name :
         {"authenc(hmac(sha256),cbc(aes))", "authencesn(hmac(sha256),cbc(aes))",
          "krb5enc(hmac(sha256),cts(cbc(aes)))", "essiv(authenc(hmac(sha256),cbc(aes)),sha256)",
          "echainiv(authenc(hmac(sha256),cbc(aes)))", "authenc(hmac(sha1),ctr(aes))"}) {
        SCOPED_TRACE(name);
        const auto code = [&](const octets &key) { return key_code(alg::kind::aead, name, key); };
        const octets hash = counting(20), key = counting(16, 3), good = blob(hash, key);
        EXPECT_EQ(0, code(good));
        EXPECT_EQ(0, code(blob({}, key))) << "a hash key of no bytes";
        EXPECT_EQ(0, code(blob(counting(300), key))) << "a long one";
        EXPECT_EQ(0, code(blob(hash, counting(24)))) << "a longer key of the cipher";
        for (std::size_t n = 0; n < 8 + key.size(); ++n)
            EXPECT_EQ(EINVAL, code(octets(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))))
                << "cut after " << n;
        const auto with = [&](std::size_t at, unsigned value) {
            octets changed = good;
            changed[at] = static_cast<std::uint8_t>(value);
            return code(changed);
        };
        for (const unsigned length : {0U, 4U, 7U, 9U, 12U, 255U})
            EXPECT_EQ(EINVAL, with(0, length)) << "length of the header " << length;
        EXPECT_EQ(EINVAL, with(1, 1));
        for (const unsigned type : {0U, 2U, 255U})
            EXPECT_EQ(EINVAL, with(2, type)) << "type " << type;
        EXPECT_EQ(EINVAL, with(3, 1));
        for (const std::size_t at : {4U, 5U, 6U})
            EXPECT_EQ(EINVAL, with(at, 1)) << "more than there is, byte " << at;
        for (const unsigned size : {0U, 1U, 15U, 17U, 23U, 25U, 33U, 37U, 255U})
            EXPECT_EQ(EINVAL, with(7, size)) << "a cipher's key of " << size;
    }
}

TEST(key_rules, the_blob_of_a_cipher_without_key_is_a_hash_key_alone) {
    const char *const name = "authenc(hmac(sha1),ecb(cipher_null))";
    EXPECT_EQ(0, key_code(alg::kind::aead, name, blob(counting(20), {})));
    EXPECT_EQ(0, key_code(alg::kind::aead, name, blob({}, {})));
    EXPECT_EQ(EINVAL, key_code(alg::kind::aead, name, blob(counting(20), counting(1))));
}

TEST(key_rules, a_salt_ends_the_keys_of_ipsec) {
    const octets key = counting(16), salt = counting(4, 99), iv = counting(8, 31);
    const octets assoc = counting(16, 9), text = counting(33, 2);
    // rfc4106 does not authenticate the last eight bytes of the associated data.
    const std::string whole =
        encrypted(alg::kind::aead, "rfc4106(gcm(aes))", key + salt, iv, assoc + text, 16, 16);
    const octets short_assoc(assoc.begin(), assoc.begin() + 8);
    const std::string plain =
        encrypted(alg::kind::aead, "gcm(aes)", key, salt + iv, short_assoc + text, 8, 16);
    ASSERT_EQ(2 * (16 + text.size() + 16), whole.size());
    EXPECT_EQ(plain.substr(16), whole.substr(32));
}
