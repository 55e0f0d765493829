// SPDX-License-Identifier: BSD-3-Clause
//
// The numbers of wrong calls of the families that the local engine serves everywhere: generators, public
// keys, key agreement.
#include "capi/error_rows.hpp"
#include "capi/rsa_key.hpp"
#include "support/family_calls.hpp"

#include <cstring>
#include <utility>

using namespace kcapi::test;

TEST_F(error_table, handles_of_every_other_family_are_einval_and_unharmed) {
    kcapi_handle *rng = nullptr;
    kcapi_handle *kpp = nullptr;
    ASSERT_EQ(kcapi_rng_init(&rng, "stdrng", 0), 0);
    ASSERT_EQ(kcapi_kpp_init(&kpp, "ecdh-nist-p256", 0), 0);
    const akcipher rsa("rsa", rsa_private_der());
    const std::pair<kcapi_handle *, const char *> handles[] = {
        {cipher_, "cipher"}, {aead_, "aead"},         {md_, "md"},
        {rng, "rng"},        {rsa.get(), "akcipher"}, {kpp, "kpp"}};
    std::size_t calls = 0;
    for (const auto &[h, family] : handles) {
        for (const family_call &c : calls_with_a_number())
            if (std::strcmp(c.family, family) != 0) {
                EXPECT_EQ(c.call(h), -EINVAL) << c.name << " on a handle of " << family;
                ++calls;
            }
        for (const family_call &c : calls_with_a_size())
            if (std::strcmp(c.family, family) != 0) {
                EXPECT_EQ(c.call(h), 0) << c.name << " on a handle of " << family;
                ++calls;
            }
    }
    EXPECT_EQ(calls, 5 * (calls_with_a_number().size() + calls_with_a_size().size()));
    EXPECT_EQ(kcapi_rng_seed(rng, nullptr, 0), 0) << "nothing was begun";
    EXPECT_EQ(kcapi_kpp_setkey(kpp, nullptr, 0), 64);
    expect_usable();
    kcapi_rng_destroy(rng);
    kcapi_kpp_destroy(kpp);
}

TEST_F(error_table, of_generators) {
    kcapi_handle *h = nullptr;
    ASSERT_EQ(kcapi_rng_init(&h, "drbg_nopr_hmac_sha256", 0), 0);
    octets bytes = pattern(200);
    std::uint8_t *const in = bytes.data();
    constexpr auto huge = static_cast<std::size_t>(PTRDIFF_MAX) + 1;
    expect_rows({
        {"kcapi_rng_seed", "NULL", -EFAULT, [&] { return kcapi_rng_seed(h, nullptr, 1); }},
        {"kcapi_rng_setentropy", "NULL", -EFAULT, [&] { return kcapi_rng_setentropy(h, nullptr, 1); }},
        {"kcapi_rng_setentropy", "129 bytes", -EMSGSIZE, [&] { return kcapi_rng_setentropy(h, in, 129); }},
        {"kcapi_rng_setaddtl", "NULL", -EFAULT, [&] { return kcapi_rng_setaddtl(h, nullptr, 8); }},
        {"kcapi_rng_setaddtl", "len", -EMSGSIZE, [&] { return kcapi_rng_setaddtl(h, in, 0x80000000U); }},
        {"kcapi_rng_generate", "NULL", -EFAULT, [&] { return kcapi_rng_generate(h, nullptr, 1); }},
        {"kcapi_rng_generate", "len", -EMSGSIZE, [&] { return kcapi_rng_generate(h, out(), huge); }},
        {"kcapi_rng_generate", "len", -EMSGSIZE, [&] { return kcapi_rng_generate(h, out(), SIZE_MAX); }},
        {"kcapi_rng_get_bytes", "NULL", -EFAULT, [&] { return kcapi_rng_get_bytes(nullptr, 1); }},
        {"kcapi_rng_get_bytes", "len", -EMSGSIZE, [&] { return kcapi_rng_get_bytes(out(), huge); }},
    });
    // The generator is as it was. The first request fixes its seed, also one that fails.
    kcapi_handle *unseeded = nullptr;
    ASSERT_EQ(kcapi_rng_init(&unseeded, "drbg_nopr_hmac_sha256", 0), 0);
    expect_rows({
        {"kcapi_rng_generate", "not seeded", -EINVAL, [&] { return kcapi_rng_generate(unseeded, out(), 8); },
         afterwards::wiped},
        {"kcapi_rng_seed", "too late", -EBUSY, [&] { return kcapi_rng_seed(unseeded, in, 32); }},
    });
    kcapi_rng_destroy(unseeded);
    EXPECT_EQ(kcapi_rng_seed(h, in, 32), 0);
    EXPECT_EQ(kcapi_rng_generate(h, out(), 100), 100);
    expect_rows({
        {"kcapi_rng_setaddtl", "no entropy", -EOPNOTSUPP, [&] { return kcapi_rng_setaddtl(h, in, 8); }},
        {"kcapi_rng_seed", "in use", -EBUSY, [&] { return kcapi_rng_seed(h, in, 32); }},
        {"kcapi_rng_setentropy", "in use", -EBUSY, [&] { return kcapi_rng_setentropy(h, in, 32); }},
    });
    kcapi_rng_destroy(h);
    // With entropy of the caller's: once, and additional data of 128 bytes at the most.
    ASSERT_EQ(kcapi_rng_init(&h, "drbg_nopr_hmac_sha256", 0), 0);
    ASSERT_EQ(kcapi_rng_setentropy(h, in, 64), 0);
    ASSERT_EQ(kcapi_rng_seed(h, in, 8), 0);
    expect_rows({
        {"kcapi_rng_setentropy", "twice", -EINVAL, [&] { return kcapi_rng_setentropy(h, in, 64); }},
        {"kcapi_rng_setaddtl", "129 bytes", -EMSGSIZE, [&] { return kcapi_rng_setaddtl(h, in, 129); }},
    });
    EXPECT_EQ(kcapi_rng_generate(h, out(), 32), 32);
    kcapi_rng_destroy(h);
    // A generator that takes no entropy from a caller.
    if (kcapi_rng_init(&h, "jitterentropy_rng", 0) == 0) {
        expect_rows({{"kcapi_rng_setentropy", "of a generator without", -ENOPROTOOPT,
                      [&] { return kcapi_rng_setentropy(h, in, 32); }}});
        kcapi_rng_destroy(h);
    }
}

TEST_F(error_table, of_public_keys) {
    const akcipher keyless("pkcs1pad(rsa,sha256)");
    const akcipher with_public("pkcs1pad(rsa,sha256)", rsa_public_der(), false);
    kcapi_handle *const none = keyless.get();
    kcapi_handle *const half = with_public.get();
    const octets der = rsa_private_der();
    const auto der_size = static_cast<std::uint32_t>(der.size());
    const octets digest = pattern(32);
    octets forged = pattern(rsa_size);
    forged[0] = 0;
    iovec list{forged.data(), rsa_size};
    iovec null_part{nullptr, 8};
    iovec room{out(), rsa_size};
    std::vector<iovec> many(1025, iovec{forged.data(), 1});
    octets beyond(16385);
    iovec too_much{beyond.data(), beyond.size()};
    std::vector<error_row> rows{
        {"kcapi_akcipher_setkey", "NULL", -EFAULT, [&] { return kcapi_akcipher_setkey(none, nullptr, 9); }},
        {"kcapi_akcipher_setkey", "no key", -EINVAL,
         [&] { return kcapi_akcipher_setkey(none, digest.data(), 32); }},
        {"kcapi_akcipher_setkey", "cut", -EINVAL,
         [&] { return kcapi_akcipher_setkey(none, der.data(), der_size - 1); }},
        {"kcapi_akcipher_setpubkey", "NULL", -EFAULT,
         [&] { return kcapi_akcipher_setpubkey(none, nullptr, 9); }},
        {"kcapi_akcipher_setpubkey", "a private one", -EINVAL,
         [&] { return kcapi_akcipher_setpubkey(none, der.data(), der_size); }},
        {"kcapi_akcipher_sign", "public key", -EINVAL,
         [&] { return kcapi_akcipher_sign(half, digest.data(), 32, out(), rsa_size, 0); }},
        {"kcapi_akcipher_decrypt", "public key", -EINVAL,
         [&] { return kcapi_akcipher_decrypt(half, forged.data(), rsa_size, out(), rsa_size, 0); }},
        {"kcapi_akcipher_verify", "forged", -EBADMSG,
         [&] { return kcapi_akcipher_verify(half, forged.data(), rsa_size, out(), rsa_size, 0); }},
        {"kcapi_akcipher_verify_aio", "forged", -EBADMSG,
         [&] { return kcapi_akcipher_verify_aio(half, &list, &room, 1, 0); }},
        {"kcapi_akcipher_encrypt", "too long", -EINVAL,
         [&] { return kcapi_akcipher_encrypt(half, forged.data(), rsa_size - 10, out(), rsa_size, 0); }},
        {"kcapi_akcipher_stream_op", "no list", -EINVAL,
         [&] { return kcapi_akcipher_stream_op(half, nullptr, 0); }},
        {"kcapi_akcipher_stream_op", "empty list", -EINVAL,
         [&] { return kcapi_akcipher_stream_op(half, &room, 0); }},
        {"kcapi_akcipher_stream_op", "NULL part", -EFAULT,
         [&] { return kcapi_akcipher_stream_op(half, &null_part, 1); }},
        {"kcapi_akcipher_stream_op", "buffers", -EMSGSIZE,
         [&] { return kcapi_akcipher_stream_op(half, many.data(), many.size()); }},
    };
    using one_shot =
        ssize_t(kcapi_handle *, const std::uint8_t *, std::size_t, std::uint8_t *, std::size_t, int);
    for (const auto &[name, function] : {named<one_shot>{"kcapi_akcipher_encrypt", kcapi_akcipher_encrypt},
                                         named<one_shot>{"kcapi_akcipher_decrypt", kcapi_akcipher_decrypt},
                                         named<one_shot>{"kcapi_akcipher_sign", kcapi_akcipher_sign},
                                         named<one_shot>{"kcapi_akcipher_verify", kcapi_akcipher_verify}}) {
        one_shot *const f = function;
        const std::size_t size = 32;
        rows.push_back(
            {name, "no key", -ENOKEY, [&, f] { return f(none, digest.data(), size, out(), rsa_size, 0); }});
    }
    using piecewise = ssize_t(kcapi_handle *, iovec *, std::size_t);
    for (const auto &[name, function] :
         {named<piecewise>{"kcapi_akcipher_stream_init_enc", kcapi_akcipher_stream_init_enc},
          named<piecewise>{"kcapi_akcipher_stream_init_dec", kcapi_akcipher_stream_init_dec},
          named<piecewise>{"kcapi_akcipher_stream_init_sgn", kcapi_akcipher_stream_init_sgn},
          named<piecewise>{"kcapi_akcipher_stream_init_vfy", kcapi_akcipher_stream_init_vfy},
          named<piecewise>{"kcapi_akcipher_stream_update", kcapi_akcipher_stream_update},
          named<piecewise>{"kcapi_akcipher_stream_update_last", kcapi_akcipher_stream_update_last}}) {
        piecewise *const f = function;
        rows.push_back({name, "no list", -EINVAL, [&, f] { return f(half, nullptr, 1); }});
        rows.push_back({name, "NULL part", -EFAULT, [&, f] { return f(half, &null_part, 1); }});
        rows.push_back({name, "buffers", -EMSGSIZE, [&, f] { return f(half, many.data(), many.size()); }});
        rows.push_back({name, "a message of 16385", -EMSGSIZE, [&, f] { return f(half, &too_much, 1); }});
        rows.push_back({name, "no key", -ENOKEY, [&, f] { return f(none, &list, 1); }});
    }
    expect_rows(rows);
    expect_rows({{"kcapi_akcipher_setpubkey", "in use", -EBUSY,
                  [&] { return kcapi_akcipher_setpubkey(half, der.data(), der_size); }}});
}

TEST_F(error_table, of_key_agreement) {
    kcapi_handle *ecdh = nullptr;
    kcapi_handle *dh = nullptr;
    ASSERT_EQ(kcapi_kpp_init(&ecdh, "ecdh", 0), 0);
    ASSERT_EQ(kcapi_kpp_init(&dh, "dh", 0), 0);
    octets bytes(64);
    std::uint8_t *const in = bytes.data();
    iovec list{in, 64};
    iovec room{out(), 64};
    iovec much[] = {{in, INT_MAX}, {in, 1}};
    expect_rows({
        {"kcapi_kpp_setkey", "no curve", -EINVAL, [&] { return kcapi_kpp_setkey(ecdh, nullptr, 0); }},
        {"kcapi_kpp_ecdh_setcurve", "unknown", -EINVAL, [&] { return kcapi_kpp_ecdh_setcurve(ecdh, 0); }},
        {"kcapi_kpp_ecdh_setcurve", "unknown", -EINVAL,
         [&] { return kcapi_kpp_ecdh_setcurve(ecdh, ULONG_MAX); }},
        {"kcapi_kpp_ecdh_setcurve", "of dh", -ENOPROTOOPT, [&] { return kcapi_kpp_ecdh_setcurve(dh, 2); }},
        {"kcapi_kpp_dh_setparam_pkcs3", "of ecdh", -ENOPROTOOPT,
         [&] { return kcapi_kpp_dh_setparam_pkcs3(ecdh, in, 64); }},
        {"kcapi_kpp_dh_setparam_pkcs3", "none", -EINVAL,
         [&] { return kcapi_kpp_dh_setparam_pkcs3(dh, in, 64); }},
        {"kcapi_kpp_keygen", "no key", -ENOKEY, [&] { return kcapi_kpp_keygen(ecdh, out(), 64, 0); }},
        {"kcapi_kpp_keygen_aio", "no key", -ENOKEY, [&] { return kcapi_kpp_keygen_aio(ecdh, &room, 1, 0); }},
        {"kcapi_kpp_ssgen_aio", "no key", -ENOKEY,
         [&] { return kcapi_kpp_ssgen_aio(ecdh, &list, &room, 1, 0); }},
        {"kcapi_kpp_keygen_aio", "no output", -EINVAL,
         [&] { return kcapi_kpp_keygen_aio(ecdh, nullptr, 1, 0); }},
        {"kcapi_kpp_keygen_aio", "sum", -EOVERFLOW, [&] { return kcapi_kpp_keygen_aio(ecdh, much, 2, 0); }},
    });
    ASSERT_EQ(kcapi_kpp_ecdh_setcurve(ecdh, ECC_CURVE_NIST_P256), 64);
    expect_rows({{"kcapi_kpp_setkey", "zero", -EINVAL, [&] { return kcapi_kpp_setkey(ecdh, in, 32); }}});
    ASSERT_EQ(kcapi_kpp_setkey(ecdh, nullptr, 0), 64);
    expect_rows({
        {"kcapi_kpp_ssgen", "not a point", -EINVAL,
         [&] { return kcapi_kpp_ssgen(ecdh, in, 64, out(), 32, 0); }},
        {"kcapi_kpp_keygen", "too little room", -EINVAL,
         [&] { return kcapi_kpp_keygen(ecdh, out(), 63, 0); }},
        {"kcapi_kpp_setkey", "in use", -EBUSY, [&] { return kcapi_kpp_setkey(ecdh, nullptr, 0); }},
        {"kcapi_kpp_ecdh_setcurve", "in use", -EBUSY, [&] { return kcapi_kpp_ecdh_setcurve(ecdh, 1); }},
    });
    EXPECT_EQ(kcapi_kpp_keygen(ecdh, out(), 64, 0), 64);
    kcapi_kpp_destroy(ecdh);
    kcapi_kpp_destroy(dh);
}
