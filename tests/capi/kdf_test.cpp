// SPDX-License-Identifier: BSD-3-Clause
//
// Key derivation on the engine under test: published vectors, and libcrypto for what has none.
#include "capi/support.hpp"

#include <openssl/evp.h>

#include <cstring>

using namespace kcapi::test;

namespace {

octets bytes_of(const std::string &hex_text) {
    octets b;
    for (std::size_t i = 0; i < hex_text.size(); i += 2)
        b.push_back(static_cast<std::uint8_t>(std::stoi(hex_text.substr(i, 2), nullptr, 16)));
    return b;
}

const std::uint8_t *data_of(const char *text) { return reinterpret_cast<const std::uint8_t *>(text); }

/// NIST CAVP for SP 800-108, counter of 32 bits before the fixed input data, the longest record of each
/// function.
struct counter_vector {
    const char *prf;
    const char *key;
    const char *fixed;
    const char *out;
};
const counter_vector counter_vectors[] = {
    {"cmac(aes)", "b2fcf854b1029888aeb0274ca09bb21a",
     "a6b84baae7a6ceb1d63ed704757500c510c0a8bdc22d2f42af09f79c815f37f33b67dad0b30f428fc1e2d355f7f91f65"
     "acbedd2fdd5b8c38dd890407",
     "fe4c2c0242c5a295c008aeb87ae0815171de6173773292347f4f5ec07185c3f860b5667c199aad55"},
    {"cmac(aes)", "d64c598436507f4d05d7ebe780092996f281901dc9c8612f",
     "0ea737cfca2560856917f3a2ff5e2175930d0719bba85a9c8d8cb311a0a1b8caf8ffe03e9a86ab17046670011c9fec5c"
     "5cd697d9cd931f615cdfe649",
     "3c26968bd3997c653f79bb725c36d784b590d18a64678cf312abe8a57b2891c27282e37b6a49cd73"},
    {"cmac(aes)", "dabde95d751ff1c132bd49f80f4ee347bf39218cf8bfec61bc3ad865d9aa1182",
     "55da554307ed756764d4e97febb77ce85391b53225ee09417ad57def48ead090e3d1e7c2ed04f02462a6324ea0163b18"
     "f86201c69db27fd50b4c42c5",
     "5cc29221cfa6f3a4ded7afeef5a59c05bac787fc5e98a35ee0c96ba582b05c42f758966566084f69"},
    {"hmac(sha1)", "693adb9037184627ad300f176985bd379f388a95",
     "7f09570c2d9304ec743ab845a8761c126c18f5cf72358eada2b5d1deb43dc6a0f4ff8f933bef7af0bcfacb33fa07f8ca"
     "04a06afe231835d5075996be",
     "52f55f51010e9bd78e4f58cab274ecafa561bd4e0f20da84f0303a1e5ff9bebc514361ec6df5c77e"},
    {"hmac(sha224)", "9b75e7fa216c884037c7d6953092ed335c4efd88ca57a742d6ac3221",
     "12bea97865df99315259ff620302432ecafc9dce2619e87dfb4979410456a524434315dd3920e2b1aa1c79d5e07132a7"
     "58a7b7b71ef10bcf1bb877f3",
     "60071bd0ceea0fe0f879223b940d3de7dde02ca6858f8450fb9c0032e49f968ef9cd9b5703163dbc"},
    {"hmac(sha256)", "c4bedbddb66493e7c7259a3bbbc25f8c7e0ca7fe284d92d431d9cd99a0d214ac",
     "1c69c54766791e315c2cc5c47ecd3ffab87d0d273dd920e70955814c220eacace6a5946542da3dfe24ff626b4897898c"
     "afb7db83bdff3c14fa46fd4b",
     "1da47638d6c9c4d04d74d4640bbd42ab814d9e8cc22f4326695239f96b0693f12d0dd1152cf44430"},
    {"hmac(sha384)",
     "582f968a54b8797b9ea8c655b42e397adb73d773b1984b1e1c429cd597b8015d2f91d59e4136a9d523bf6491a4733c7a",
     "e6d3c193eff34e34f8b7b00e66565aeb01f63206bb27e27aa281592afc06ae1ec5b7eb97a39684ce773d7c3528f2667c"
     "1f5d428406e78ce4cf39f652",
     "691726c111e5030b5f9657069107861ecc18bc5835a814c3d2e5092c901cb1fb6c1a7cd3eb0be2a7"},
    {"hmac(sha512)",
     "a9f4a2c5af839867f5db5a1e520ab3cca72a166ca60de512fd7fe7e64cf94f92cf1d8b636175f293e003275e021018c3"
     "f0ede495997a505ec9a2afeb0495be57",
     "8e9db3335779db688bcfe096668d9c3bc64e193e3529c430e68d09d56c837dd6c0f94678f121a68ee1feea4735da85a4"
     "9d34a5290aa39f7b40de435f",
     "6db880daac98b078ee389a2164252ded61322d661e2b49247ea921e544675d8f17af2bf66dd40d81"},
};

} // namespace

TEST(kdf, counter_mode_vectors) {
    for (const counter_vector &v : counter_vectors) {
        kcapi_handle *h = nullptr;
        ASSERT_EQ(kcapi_md_init(&h, v.prf, 0), 0) << v.prf;
        const octets key = bytes_of(v.key);
        const octets fixed = bytes_of(v.fixed);
        ASSERT_EQ(kcapi_md_setkey(h, key.data(), static_cast<std::uint32_t>(key.size())), 0) << v.prf;
        octets out(bytes_of(v.out).size());
        EXPECT_EQ(kcapi_kdf_ctr(h, fixed.data(), fixed.size(), out.data(), out.size()), 0) << v.prf;
        EXPECT_EQ(hex(out), v.out) << v.prf;
        kcapi_md_destroy(h);
    }
}

TEST(kdf, feedback_and_pipeline_modes_follow_their_formulas) {
    const octets key = pattern(32);
    const octets fixed = pattern(11, 3);
    kcapi_handle *h = nullptr;
    ASSERT_EQ(kcapi_md_init(&h, "hmac(sha512)", 0), 0);
    ASSERT_EQ(kcapi_md_setkey(h, key.data(), 32), 0);
    const auto mac = [&](const octets &message) {
        octets d(64);
        EXPECT_EQ(kcapi_md_digest(h, message.data(), message.size(), d.data(), 64), 64);
        return d;
    };
    const octets iv = pattern(64, 9);
    octets feedback;
    octets pipeline;
    octets last = iv;
    octets a = fixed;
    for (std::uint8_t i = 1; i <= 3; ++i) {
        last = mac(last + octets{0, 0, 0, i} + fixed);
        feedback = feedback + last;
        a = mac(a);
        pipeline = pipeline + mac(a + octets{0, 0, 0, i} + fixed);
    }
    octets out(150);
    EXPECT_EQ(kcapi_kdf_fb(h, (iv + fixed).data(), 75, out.data(), 150), 0);
    EXPECT_EQ(out, slice(feedback, 0, 150));
    EXPECT_EQ(kcapi_kdf_dpi(h, fixed.data(), 11, out.data(), 150), 0);
    EXPECT_EQ(out, slice(pipeline, 0, 150));
    EXPECT_EQ(kcapi_kdf_fb(h, iv.data(), 63, out.data(), 150), -EINVAL);
    EXPECT_EQ(out, octets(150)) << "wiped";
    kcapi_md_destroy(h);
}

TEST(kdf, hkdf_vectors) {
    // RFC 5869, A.1 and A.4.
    const octets salt = bytes_of("000102030405060708090a0b0c");
    const octets info = bytes_of("f0f1f2f3f4f5f6f7f8f9");
    octets out(42);
    octets ikm(22, 0x0b);
    ASSERT_EQ(kcapi_hkdf("hmac(sha256)", ikm.data(), 22, salt.data(), 13, info.data(), 10, out.data(), 42),
              0);
    EXPECT_EQ(hex(out),
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    ikm.resize(11);
    ASSERT_EQ(kcapi_hkdf("hmac(sha1)", ikm.data(), 11, salt.data(), 13, info.data(), 10, out.data(), 42), 0);
    EXPECT_EQ(hex(out),
              "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896");
    EXPECT_EQ(kcapi_hkdf("sha256", ikm.data(), 11, nullptr, 0, nullptr, 0, out.data(), 42), -ENOSYS);
    EXPECT_EQ(out, octets(42)) << "wiped";
}

TEST(kdf, pbkdf2_is_that_of_libcrypto) {
    octets out(100);
    octets expected(100);
    for (const char *const hash : {"sha1", "sha256", "sha384", "sha512"}) {
        const std::string name = std::string("hmac(") + hash + ')';
        for (const std::uint32_t count : {1U, 2U, 1000U}) {
            ASSERT_EQ(
                kcapi_pbkdf(name.c_str(), data_of("password"), 8, data_of("NaCl"), 4, count, out.data(), 100),
                0)
                << name;
            ASSERT_EQ(::PKCS5_PBKDF2_HMAC("password", 8, data_of("NaCl"), 4, static_cast<int>(count),
                                          ::EVP_get_digestbyname(hash), 100, expected.data()),
                      1);
            EXPECT_EQ(out, expected) << name << ' ' << count;
        }
    }
    ASSERT_EQ(kcapi_pbkdf("hmac(sha256)", nullptr, 0, nullptr, 0, 1, out.data(), 16), 0);
    EXPECT_EQ(hex(slice(out, 0, 16)), "f7ce0b653d2d72a4108cf5abe912ffdd");
    EXPECT_EQ(kcapi_pbkdf("cmac(aes)", data_of("p"), 1, nullptr, 0, 1, out.data(), 16), -EINVAL);
    EXPECT_EQ(kcapi_pbkdf("sha256", data_of("p"), 1, nullptr, 0, 1, out.data(), 16), -ENOSYS);
    // Any keyed hash is a pseudorandom function.
    ASSERT_EQ(
        kcapi_pbkdf("cmac(aes)", data_of("0123456789abcdef"), 16, data_of("salt"), 4, 3, out.data(), 40), 0);
}
