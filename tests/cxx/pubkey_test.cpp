// SPDX-License-Identifier: BSD-3-Clause
//
// RSA through the C++ API, against OpenSSL's EVP.
#include "cxx/support.hpp"

#include <kcapi/pubkey.hpp>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

using namespace kcapi;
using namespace kcapi::test;

namespace {

constexpr std::size_t modulus_size = 256;
constexpr const char *padded = "pkcs1pad(rsa,sha256)";

/// The same all the time that the program runs.
EVP_PKEY *pair() {
    static EVP_PKEY *const made = EVP_RSA_gen(8 * modulus_size);
    return made;
}

octets der(int (*encode)(const EVP_PKEY *, unsigned char **)) {
    unsigned char *from = nullptr;
    const int size = encode(pair(), &from);
    EXPECT_GT(size, 0);
    octets out(from, from + size);
    OPENSSL_free(from);
    return out;
}

bool openssl_accepts(bytes signature, bytes digest) {
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> c(
        EVP_PKEY_CTX_new_from_pkey(nullptr, pair(), nullptr), EVP_PKEY_CTX_free);
    EXPECT_EQ(EVP_PKEY_verify_init(c.get()), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(c.get(), RSA_PKCS1_PADDING), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_signature_md(c.get(), EVP_sha256()), 1);
    return EVP_PKEY_verify(c.get(), signature.data(), signature.size(), digest.data(), digest.size()) == 1;
}

class cxx_pubkey : public testing::Test {
  protected:
    private_key secret_ = private_key::create(padded, der(i2d_PrivateKey)).value();
    public_key open_ = public_key::create(padded, der(i2d_PublicKey)).value();
    const octets digest_ = counting(32);
    octets room_ = octets(modulus_size);
};

} // namespace

TEST_F(cxx_pubkey, signature_is_one_that_openssl_accepts) {
    EXPECT_EQ(secret_.max_size(), modulus_size);
    EXPECT_EQ(open_.max_size(), modulus_size);
    EXPECT_EQ(secret_.name(), padded);
    ASSERT_EQ(secret_.sign(digest_, room_).value(), modulus_size);
    EXPECT_TRUE(openssl_accepts(room_, digest_));
    EXPECT_TRUE(open_.verify(room_, digest_));
}

TEST_F(cxx_pubkey, signature_of_something_else_is_ebadmsg) {
    ASSERT_EQ(secret_.sign(digest_, room_).value(), modulus_size);
    EXPECT_EQ(code_of(open_.verify(room_, counting(32, 1))), EBADMSG);
    EXPECT_EQ(code_of(open_.verify(room_, bytes(digest_).first(31))), EBADMSG);
    EXPECT_EQ(code_of(open_.verify(room_, {})), EBADMSG);
    for (const std::size_t at : {std::size_t{1}, modulus_size - 1}) {
        octets altered = room_;
        altered[at] ^= 1;
        EXPECT_FALSE(open_.verify(altered, digest_)) << at;
    }
}

TEST_F(cxx_pubkey, decrypts_what_was_encrypted) {
    const octets text = counting(40, 7);
    ASSERT_EQ(open_.encrypt(text, room_).value(), modulus_size);
    octets again(modulus_size);
    const std::size_t size = secret_.decrypt(room_, again).value();
    again.resize(size);
    EXPECT_EQ(again, text);
}

TEST_F(cxx_pubkey, refuses_misuse) {
    EXPECT_EQ(code_of(private_key::create("nosuch", {})), ENOENT);
    EXPECT_EQ(code_of(public_key::create(padded, counting(30))), EINVAL) << "not a key";
    EXPECT_EQ(code_of(private_key::create(padded, der(i2d_PublicKey))), EINVAL) << "the wrong half";
    EXPECT_FALSE(open_.encrypt(counting(modulus_size), room_)) << "no room for the padding";
    EXPECT_FALSE(secret_.sign(counting(31), room_)) << "not a SHA-256 digest";
    const public_key other = std::move(open_);
    EXPECT_EQ(open_.max_size(), 0U);
    EXPECT_EQ(code_of(open_.verify(room_, digest_)), EINVAL);
    EXPECT_EQ(code_of(open_.encrypt(digest_, room_)), EINVAL);
    EXPECT_TRUE(other.valid());
}
