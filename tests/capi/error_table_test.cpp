// SPDX-License-Identifier: BSD-3-Clause
//
// The numbers of wrong calls: of handles of another family, of init functions, utilities and ciphers. What
// the tests of the families look at with more care is not repeated.
#include "capi/differences.hpp"
#include "capi/error_rows.hpp"
#include "support/family_calls.hpp"

#include <cstring>

using namespace kcapi::test;

TEST_F(error_table, handles_of_another_family_are_einval_and_unharmed) {
    const std::pair<kcapi_handle *, const char *> handles[] = {
        {cipher_, "cipher"}, {aead_, "aead"}, {md_, "md"}, {nullptr, "none"}};
    std::size_t calls = 0;
    for (const auto &[h, family] : handles) {
        for (const family_call &c : calls_with_a_number())
            if (std::strcmp(c.family, family) != 0) {
                errno = 4711;
                EXPECT_EQ(c.call(h), -EINVAL) << c.name << " on a handle of " << family;
                EXPECT_EQ(errno, 4711) << c.name;
                ++calls;
            }
        for (const family_call &c : calls_with_a_size())
            if (std::strcmp(c.family, family) != 0) {
                EXPECT_EQ(c.call(h), 0) << c.name << " on a handle of " << family;
                ++calls;
            }
        if (std::strcmp(family, "aead") != 0) {
            kcapi_aead_setassoclen(h, 99);
            std::uint8_t *part = out();
            std::size_t length = 5;
            kcapi_aead_getdata_input(h, out(), 64, 0, &part, &length, &part, &length, &part, &length);
            kcapi_aead_getdata_output(h, out(), 64, 1, &part, &length, &part, &length, &part, &length);
            EXPECT_EQ(part, out());
            EXPECT_EQ(length, 5U);
        }
    }
    EXPECT_GE(calls, 200U);
    EXPECT_EQ(kcapi_cipher_setkey(cipher_, key_16().data(), 16), 0) << "nothing was begun on it";
    EXPECT_EQ(kcapi_aead_setkey(aead_, key_16().data(), 16), 0);
    expect_usable();
}

TEST_F(error_table, of_init_functions) {
    struct {
        const char *name;
        int (*init)(kcapi_handle **, const char *, std::uint32_t);
    } const inits[] = {{"kcapi_cipher_init", kcapi_cipher_init},
                       {"kcapi_aead_init", kcapi_aead_init},
                       {"kcapi_md_init", kcapi_md_init},
                       {"kcapi_rng_init", kcapi_rng_init},
                       {"kcapi_akcipher_init", kcapi_akcipher_init},
                       {"kcapi_kpp_init", kcapi_kpp_init}};
    for (const auto &each : inits) {
        auto *const untouched = reinterpret_cast<kcapi_handle *>(out());
        kcapi_handle *h = untouched;
        EXPECT_EQ(each.init(nullptr, "cbc(aes)", 0), -EINVAL) << each.name;
        EXPECT_EQ(each.init(&h, nullptr, 0), -EINVAL) << each.name;
        EXPECT_EQ(each.init(nullptr, nullptr, 0), -EINVAL) << each.name;
        const int r = each.init(&h, "no-such-algorithm", 0);
        EXPECT_EQ(refusals(ENOENT).count(r), 1U) << each.name << " gave " << r;
        EXPECT_LT(each.init(&h, "", 0), 0) << each.name;
        EXPECT_LT(each.init(&h, std::string(100000, 'a').c_str(), 0), 0) << each.name;
        EXPECT_EQ(h, untouched) << each.name;
    }
}

TEST_F(error_table, of_handles_and_utilities) {
    std::uint8_t *made = nullptr;
    std::uint32_t size = 0;
    kcapi_handle *copy = nullptr;
    const auto pad = [&](const std::uint8_t *iv, std::uint8_t **to, std::uint32_t *to_size) {
        return kcapi_pad_iv(cipher_, iv, 4, to, to_size);
    };
    expect_rows({
        {"kcapi_handle_reinit", "no handle", -EINVAL, [&] { return kcapi_handle_reinit(&copy, nullptr, 0); }},
        {"kcapi_handle_reinit", "nowhere", -EINVAL, [&] { return kcapi_handle_reinit(nullptr, md_, 0); }},
        {"kcapi_pad_iv", "no handle", -EINVAL, [&] { return kcapi_pad_iv(nullptr, out(), 4, &made, &size); }},
        {"kcapi_pad_iv", "nowhere", -EINVAL, [&] { return pad(iv_.data(), nullptr, &size); }},
        {"kcapi_pad_iv", "no size", -EINVAL, [&] { return pad(iv_.data(), &made, nullptr); }},
        {"kcapi_pad_iv", "NULL", -EFAULT, [&] { return pad(nullptr, &made, &size); }},
        {"kcapi_set_maxsplicesize", "no handle", -EINVAL,
         [&] { return kcapi_set_maxsplicesize(nullptr, 4096); }},
        {"kcapi_set_maxsplicesize", "above 2^31", -EINVAL,
         [&] { return kcapi_set_maxsplicesize(md_, UINT_MAX); }},
        {"kcapi_get_maxsplicesize", "no handle", -EINVAL, [&] { return kcapi_get_maxsplicesize(nullptr); }},
        {"kcapi_aead_ccm_nonce_to_iv", "15 bytes", -EINVAL,
         [&] { return kcapi_aead_ccm_nonce_to_iv(iv_.data(), 15, &made, &size); }},
        {"kcapi_aead_ccm_nonce_to_iv", "any length", -EINVAL,
         [&] { return kcapi_aead_ccm_nonce_to_iv(iv_.data(), UINT_MAX, &made, &size); }},
        {"kcapi_aead_ccm_nonce_to_iv", "nowhere", -EINVAL,
         [&] { return kcapi_aead_ccm_nonce_to_iv(iv_.data(), 7, nullptr, &size); }},
        {"kcapi_aead_ccm_nonce_to_iv", "no size", -EINVAL,
         [&] { return kcapi_aead_ccm_nonce_to_iv(iv_.data(), 7, &made, nullptr); }},
        {"kcapi_aead_ccm_nonce_to_iv", "NULL", -EFAULT,
         [&] { return kcapi_aead_ccm_nonce_to_iv(nullptr, 7, &made, &size); }},
    });
    EXPECT_EQ(made, nullptr);
    EXPECT_EQ(copy, nullptr);
    expect_usable();
}

TEST_F(error_table, of_ciphers) {
    iovec much[] = {{in_.data(), INT_MAX}, {in_.data(), 1}};
    iovec more[] = {{in_.data(), SIZE_MAX}, {in_.data(), 2}};
    iovec *const good = &good_;
    std::vector<error_row> rows;
    for (const auto aio : {kcapi_cipher_encrypt_aio, kcapi_cipher_decrypt_aio}) {
        const char *const name =
            aio == kcapi_cipher_encrypt_aio ? "kcapi_cipher_encrypt_aio" : "kcapi_cipher_decrypt_aio";
        for (iovec *const list : {much, more})
            rows.push_back(
                {name, "sum", -EOVERFLOW, [=, this] { return aio(cipher_, list, list, 2, iv_.data(), 0); }});
        rows.push_back(
            {name, "no input", -EINVAL, [=, this] { return aio(cipher_, nullptr, good, 1, iv_.data(), 0); }});
        rows.push_back({name, "no output", -EINVAL,
                        [=, this] { return aio(cipher_, good, nullptr, 1, iv_.data(), 0); }});
    }
    const auto once = [&](const char *name, auto *f) {
        rows.push_back({name, "NULL key", -EFAULT,
                        [=, this] { return f(nullptr, 16, in_.data(), 16, iv_.data(), out(), 16); }});
        rows.push_back({name, "outlen", -EMSGSIZE, [=, this] {
                            return f(key_16().data(), 16, in_.data(), 16, iv_.data(), out(), too_long);
                        }});
        rows.push_back({name, "no key length", -EINVAL,
                        [=, this] { return f(key_16().data(), 15, in_.data(), 16, iv_.data(), out(), 16); }});
        rows.push_back({name, "NULL input", -EFAULT,
                        [=, this] { return f(key_16().data(), 16, nullptr, 16, iv_.data(), out(), 16); }});
        rows.push_back({name, "short output", -EINVAL,
                        [=, this] { return f(key_16().data(), 16, in_.data(), 32, iv_.data(), out(), 16); }});
    };
    once("kcapi_cipher_enc_aes_cbc", kcapi_cipher_enc_aes_cbc);
    once("kcapi_cipher_dec_aes_cbc", kcapi_cipher_dec_aes_cbc);
    once("kcapi_cipher_enc_aes_ctr", kcapi_cipher_enc_aes_ctr);
    once("kcapi_cipher_dec_aes_ctr", kcapi_cipher_dec_aes_ctr);
    expect_rows(rows);
    // No engine needs to have sm4; a NULL key is seen before that is looked at.
    for (const auto f : {kcapi_cipher_enc_sm4_cbc, kcapi_cipher_dec_sm4_cbc, kcapi_cipher_enc_sm4_ctr,
                         kcapi_cipher_dec_sm4_ctr})
        EXPECT_EQ(f(nullptr, 16, in_.data(), 16, iv_.data(), out(), 16), -EFAULT);
    expect_usable();
}
