// SPDX-License-Identifier: BSD-3-Clause
//
// Templates with rules of their own (kw, essiv), what the kernel refuses, and names of the kernel's drivers.
#include "local/engine.hpp"
#include "local/kernel_names.hpp"
#include "local/nhpoly1305.hpp"
#include "local/polyval.hpp"
#include "support/vectors.hpp"
#include "templates_fixture.hpp"

#include <chrono>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

std::string algorithm_of(const std::string &text) {
    const std::optional<alg::name> parsed = alg::parse_name(text);
    const std::optional<alg::name> n = parsed ? local::algorithm_of_kernel_driver(*parsed) : std::nullopt;
    return n ? n->text() : "";
}

std::string hex_of(const std::array<std::uint64_t, 2> &halves) {
    std::uint8_t bytes[16];
    for (std::size_t i = 0; i < 16; ++i)
        bytes[i] = static_cast<std::uint8_t>(halves[i / 8] >> (8 * (i % 8)));
    return to_hex(bytes, 16);
}

/// The pattern of the recorded vectors.
byte_vector recorded(std::size_t size, unsigned step, unsigned first) {
    byte_vector v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(step * i + first);
    return v;
}

} // namespace

TEST(templates_kw, the_register_is_left_by_encryption_and_checked_by_decryption) {
    keyed_driver kw(skcipher("kw(aes)"), pattern(16, 7));
    const byte_vector in = pattern(40, 31);
    const byte_vector out = kw.message(direction::encrypt, pattern(8, 3), in);
    EXPECT_EQ(out, kw.message(direction::encrypt, byte_vector(8), in)) << "encryption has no IV";
    const byte_vector reg(kw.carried().iv.begin(), kw.carried().iv.begin() + 8);
    EXPECT_EQ(in, kw.pass(direction::decrypt, out));
    EXPECT_EQ(in, kw.pass(direction::decrypt, out)) << "decryption leaves the register";
    for (std::size_t i = 0; i < 8 + out.size(); ++i) {
        byte_vector iv = reg;
        byte_vector data = out;
        (i < 8 ? iv[i] : data[i - 8]) ^= 1;
        kw.set_iv(iv);
        EXPECT_EQ(EBADMSG, kw.pass(direction::decrypt, data.data(), data.data(), data.size())) << i;
        EXPECT_EQ(byte_vector(data.size()), data) << "nothing of what was not authentic";
    }
    for (const std::size_t n : {0U, 1U, 8U, 15U, 17U, 23U}) {
        byte_vector data(n);
        EXPECT_EQ(EINVAL, kw.pass(direction::encrypt, data.data(), data.data(), n)) << n;
    }
}

TEST(templates_essiv, is_the_kernels) {
    const std::string file = std::string(KCAPI_VECTOR_DIR) + "/aes-essiv.vec";
    EXPECT_EQ(1U, for_each_record(file, [](record &r) {
                  r.ignore("Origin");
                  r.ignore("Selftest");
                  keyed_driver d(skcipher(r.text("Cipher")), r.bytes("Key"));
                  const byte_vector iv = r.bytes("IV");
                  const byte_vector in = r.bytes("Plaintext");
                  const byte_vector out = r.bytes("Ciphertext");
                  EXPECT_EQ(out, d.message(direction::encrypt, iv, in));
                  EXPECT_EQ(in, d.message(direction::decrypt, iv, out));
              }));
}

TEST(templates_essiv, the_next_pass_encrypts_the_last_block_again) {
    // As Linux 6.12 gave it for the second of two messages of 64 bytes, encrypting and decrypting.
    keyed_driver d(skcipher("essiv(cbc(aes),sha256)"), recorded(16, 7, 1));
    const byte_vector iv = recorded(16, 1, 0xa0);
    const byte_vector in = recorded(128, 31, 0);
    const base::bytes all(in);
    const byte_vector whole = d.message(direction::encrypt, iv, in);
    (void)d.message(direction::encrypt, iv, all.first(64));
    EXPECT_EQ(from_hex("93c1c40df2388a8767866ab62046a21453deb441d9e94fd11356b51c6c31f189"
                       "009a5abb20eb17a2e8988c51e7eb4bba4500461dceae961d00161f3a9e6a05e4"),
              d.pass(direction::encrypt, all.subspan(64)));
    (void)d.message(direction::decrypt, iv, base::bytes(whole).first(64));
    EXPECT_EQ(from_hex("8caa3b8c8c5562b8256410cda7d52bbcb0cfee0d2c4b6a89a8c7e60524436281"
                       "a0bfdefd1c3b5a7998b7d6f51433527190afceed0c2b4a6988a7c6e504234261"),
              d.pass(direction::decrypt, base::bytes(whole).subspan(64)));
}

TEST(templates_essiv, the_digest_must_be_a_key) {
    EXPECT_EQ(found("essiv(cbc(aes),sha256)"), "essiv(" + found("cbc(aes)") + ",sha256-test)");
    EXPECT_EQ(found("essiv(cbc(blowfish),sha256)"), "essiv(cbc-blowfish-openssl,sha256-test)");
    EXPECT_EQ(found("essiv(cbc(aes),sha384)"), "EINVAL");
    EXPECT_EQ(found("essiv(cbc(cast5),sha256)"), "EINVAL");
    EXPECT_EQ(found("essiv(cbc(des),sha256)"), "EINVAL");
    EXPECT_EQ(found("essiv(ctr(aes),sha256)"), "EINVAL");
    EXPECT_EQ(found("essiv(cbc(aes),nosuch)"), "ENOENT");
    EXPECT_EQ(found("essiv(cbc(aes))"), "ENOENT");
    // Binds, and takes no key: 20 bytes are within the cipher's range and no length that it has.
    const local::driver &d = skcipher("essiv(cbc(aes),sha1)");
    std::unique_ptr<local::skcipher_key> key;
    for (std::size_t n = 0; n <= 64; ++n)
        EXPECT_EQ(EINVAL, d.make_skcipher(d, pattern(n, 7), key)) << n;
}

TEST(templates_refusals, are_the_kernels) {
    const std::pair<const char *, const char *> cases[] = {
        {"xts(cast5)", "EINVAL"},
        {"xts(des)", "EINVAL"},
        {"xts(cipher_null)", "EINVAL"},
        {"lrw(blowfish)", "EINVAL"},
        {"lrw(des3_ede)", "EINVAL"},
        {"lrw(ecb(aes))", "EEXIST"},
        {"xts(ecb(aes))", "EEXIST"},
        {"ctr(cipher_null)", "EINVAL"},
        {"ctr(ecb(aes))", "EINVAL"},
        {"cbc(ecb(aes))", "ELOOP"},
        {"cts(ctr(aes))", "EINVAL"},
        {"cts(ecb(aes))", "EINVAL"},
        {"kw(des)", "EINVAL"},
        {"xctr(des)", "EINVAL"},
        {"hctr2(des)", "EINVAL"},
        {"rfc3686(cbc(aes))", "EINVAL"},
        {"rfc3686(ctr(des))", "EINVAL"},
        {"rfc3686(ctr(cast5))", "EINVAL"},
        {"rfc3686(aes)", "ENOENT"},
        {"adiantum(xchacha12,des)", "EINVAL"},
        {"adiantum(xchacha12,cipher_null)", "EINVAL"},
        {"adiantum(xchacha12,sm4)", "EINVAL"},
        {"adiantum(chacha20,aes)", "EINVAL"},
        {"adiantum(xchacha12)", "ENOENT"},
        {"adiantum(xchacha12,nosuch)", "ENOENT"},
        {"adiantum(xchacha12,aes,nhpoly1305)", "EEXIST"},
        {"cipher_null", "ENOENT"},
        {"des", "ENOENT"},
        {"salsa20", "ENOENT"},
        {"chacha12", "ENOENT"},
    };
    for (const auto &[text, expected] : cases)
        EXPECT_EQ(found(text), expected) << text;
}

TEST(templates_refusals, a_name_nested_to_its_limit_is_refused_at_once) {
    const auto start = std::chrono::steady_clock::now();
    for (const char *const mode : {"cts(", "lrw(", "essiv(", "rfc3686(", "kw("}) {
        std::string text;
        while (text.size() + 8 < 100)
            text += mode;
        const auto depth = static_cast<std::size_t>(std::count(text.begin(), text.end(), '('));
        EXPECT_NE(found(text + "aes" + std::string(std::min<std::size_t>(depth, 20), ')')).front(), '(');
        EXPECT_EQ(found(text), "ENOENT");
    }
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST(templates_keys, what_has_no_key_needs_none_to_be_set) {
    const std::unique_ptr<alg::engine> engine = local::make_engine(local::linked_modules(), {});
    const std::pair<const char *, bool> cases[] = {
        {"ecb(cipher_null)", true}, {"cbc(cipher_null)", true}, {"ecb(des)", false}};
    for (const auto &[name, keyless] : cases) {
        SCOPED_TRACE(name);
        const auto t = engine->open(alg::kind::skcipher, name);
        ASSERT_TRUE(t);
        const byte_vector one{1};
        const result<std::uint32_t> refused = (*t)->set(alg::parameter::key, one);
        ASSERT_FALSE(refused);
        EXPECT_EQ(EINVAL, refused.error().code);
        const auto op = (*t)->accept();
        ASSERT_TRUE(op);
        byte_vector data = pattern(16, 31);
        const iovec v{data.data(), data.size()};
        const result<std::size_t> n = (*op)->crypt({.in = {&v, 1}, .out = {&v, 1}});
        EXPECT_EQ(keyless, static_cast<bool>(n));
        if (!n) {
            EXPECT_EQ(ENOKEY, n.error().code);
        }
    }
}

TEST(templates_names, drivers_of_the_kernel_mean_the_algorithm) {
    const std::pair<const char *, const char *> cases[] = {
        {"aes-generic", "aes"},
        {"chacha20-generic", "chacha20"},
        {"sha256-lib", "sha256"},
        {"sha3-256-generic", "sha3-256"},
        {"cbc-aes-aesni", "cbc(aes)"},
        {"ctr-aes-aesni-avx", "ctr(aes)"},
        {"xts-aes-vaes-avx2", "xts(aes)"},
        {"cts-cbc-aes-aesni", "cts(cbc(aes))"},
        {"cbc-des3_ede-asm", "cbc(des3_ede)"},
        {"ecb-cipher_null", "ecb(cipher_null)"},
        {"hmac-md5-lib", "hmac(md5)"},
        {"ecb(aes-generic)", "ecb(aes)"},
        {"cbc(ecb(aes-generic))", "cbc(aes)"},
        {"cts(cbc(ecb(des-generic)))", "cts(cbc(des))"},
        {"xts(ecb-camellia-aesni-avx2)", "xts(camellia)"},
        {"rfc7539(chacha20-generic,poly1305-generic)", "rfc7539(chacha20,poly1305)"},
        {"adiantum(xchacha12-simd,aes-aesni,nhpoly1305-avx2)", "adiantum(xchacha12,aes)"},
        {"generic-gcm-aesni-avx", "gcm(aes)"},
        {"seqiv(rfc4106-gcm-vaes-avx10)", "seqiv(rfc4106(gcm(aes)))"},
        {"essiv-cbc-aes-sha256-ce", "essiv(cbc(aes),sha256)"},
        {"gcm_base(ctr(camellia-asm),ghash-clmulni)", "gcm(camellia)"},
        {"rfc4309(ccm_base(ctr-aes-aesni,cbcmac-aes-lib))", "rfc4309(ccm(aes))"},
        {"gcm_base(ctr(aes),ghash-generic)", "gcm_base(ctr(aes),ghash)"},
        {"gcm_base(ctr(aes),ghash)", ""},
        {"generic-gcm", ""},
        {"cbc(aes)", ""},
        {"cbc(ecb(aes))", ""},
        {"cbc-aes", ""},
        {"sha3-256", ""},
        {"cbc-aes-openssl", ""},
        {"-generic", ""},
        {"generic", ""},
    };
    for (const auto &[text, expected] : cases)
        EXPECT_EQ(algorithm_of(text), expected) << text;
    EXPECT_EQ(found("cbc(aes)").substr(0, 8), "cbc-aes-") << "a library's own";
    EXPECT_EQ(found("cbc(aes-generic)"), found("cbc(aes)"));
    EXPECT_EQ(found("ecb(aes-generic)"), "ecb-aes-openssl");
    EXPECT_EQ(found("cbc-aes-aesni"), found("cbc(aes)"));
    EXPECT_EQ(found("chacha20-generic"), "chacha20-openssl");
    EXPECT_EQ(found("lrw(ecb-aes-aesni)"), "lrw(aes-openssl)");
    EXPECT_EQ(found("aes-generic"), "ENOENT");
    EXPECT_EQ(found("cbc(nosuch-generic)"), "ENOENT");
}

TEST(templates_parts, polyval_is_that_of_rfc_8452) {
    // Appendix A.
    const byte_vector key = from_hex("25629347589242761d31f826ba4b757b");
    const byte_vector in = from_hex("4f4f95668c83dfb6401762bb2d01a262d1a24ddd2721d006bbe45f20d3c9f362");
    const local::polyval_key k(key.data());
    local::polyval one(k);
    one.update(in.data(), in.size());
    std::uint8_t digest[16];
    one.finish(digest);
    EXPECT_EQ(to_hex(digest, 16), "f7a3b47b846119fae5b7866cf5e5b77e");
}

TEST(templates_parts, nhpoly1305_is_the_kernels) {
    const byte_vector key = recorded(local::nhpoly1305_key::key_size, 7, 1);
    const byte_vector in = recorded(32, 31, 0);
    const local::nhpoly1305_key k(key.data());
    EXPECT_EQ(hex_of(k.hash(in.data(), 0)), "00000000000000000000000000000000");
    EXPECT_EQ(hex_of(k.hash(in.data(), 17)), "268cb957b0731af8b178f29b9bff8e27");
    EXPECT_EQ(hex_of(k.hash(in.data(), 32)), "598e70b8e78373aadf0899165c87059f");
}

TEST(templates_parts, the_polynomial_is_reduced_completely) {
    // RFC 8439, appendix A.3, vectors 7 to 11, whose added number is zero: sums at the edge of the modulus.
    const std::pair<const char *, const char *> cases[] = {
        {"fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000",
         "05000000000000000000000000000000"},
        {"fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101",
         "00000000000000000000000000000000"},
    };
    std::uint8_t r[16] = {1};
    const local::poly1305_key key(r);
    for (const auto &[message, expected] : cases) {
        const byte_vector in = from_hex(message);
        local::poly1305 p(key);
        p.update(in.data(), in.size());
        EXPECT_EQ(hex_of(p.value()), expected);
    }
}

TEST(templates_selftest, an_instance_without_vectors_must_be_consistent) {
    const local::driver &good = skcipher("pcbc(sm4)");
    EXPECT_TRUE(local::passes_self_test(good));
    local::driver bad = good;
    bad.make_skcipher = [](const local::driver &self, base::bytes key,
                           std::unique_ptr<local::skcipher_key> &out) noexcept {
        // Decrypts with what carries another chain than it encrypts with.
        class wrong final : public local::skcipher_context {
          public:
            int crypt(direction d, local::chain &, const std::uint8_t *in, std::uint8_t *to,
                      std::size_t n) noexcept override {
                for (std::size_t i = 0; i < n; ++i)
                    to[i] = static_cast<std::uint8_t>(in[i] + (d == direction::encrypt ? 1 : 2));
                return 0;
            }
        };
        class wrong_key final : public local::skcipher_key {
          public:
            std::unique_ptr<local::skcipher_context> open() const noexcept override {
                return std::make_unique<wrong>();
            }
        };
        out = std::make_unique<wrong_key>();
        return self.sizes.min_key_size <= key.size() ? 0 : EINVAL;
    };
    EXPECT_FALSE(local::passes_self_test(bad));
    local::driver unknown = good;
    unknown.parts = {};
    EXPECT_FALSE(local::passes_self_test(unknown)) << "no template instance";
}
