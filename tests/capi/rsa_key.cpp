// SPDX-License-Identifier: BSD-3-Clause
#include "capi/rsa_key.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

namespace kcapi::test {

namespace {

EVP_PKEY *key() {
    static EVP_PKEY *const made = EVP_RSA_gen(8 * rsa_size);
    return made;
}

octets encoded(int (*encode)(const EVP_PKEY *, unsigned char **)) {
    unsigned char *bytes = nullptr;
    const int size = encode(key(), &bytes);
    EXPECT_GT(size, 0);
    octets der(bytes, bytes + size);
    OPENSSL_free(bytes);
    return der;
}

using context = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
context make_context() { return {EVP_PKEY_CTX_new_from_pkey(nullptr, key(), nullptr), EVP_PKEY_CTX_free}; }

} // namespace

const octets &rsa_private_der() {
    static const octets der = encoded(i2d_PrivateKey);
    return der;
}

const octets &rsa_public_der() {
    static const octets der = encoded(i2d_PublicKey);
    return der;
}

octets rsa_reference_signature(const char *hash, const octets &digest) {
    const context c = make_context();
    octets out(rsa_size);
    std::size_t size = out.size();
    EXPECT_EQ(EVP_PKEY_sign_init(c.get()), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(c.get(), RSA_PKCS1_PADDING), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_signature_md(c.get(), EVP_get_digestbyname(hash)), 1);
    EXPECT_EQ(EVP_PKEY_sign(c.get(), out.data(), &size, digest.data(), digest.size()), 1);
    return out;
}

octets rsa_reference_decryption(const octets &ciphertext) {
    const context c = make_context();
    octets out(rsa_size);
    std::size_t size = out.size();
    EXPECT_EQ(EVP_PKEY_decrypt_init(c.get()), 1);
    EXPECT_EQ(EVP_PKEY_CTX_set_rsa_padding(c.get(), RSA_PKCS1_PADDING), 1);
    if (EVP_PKEY_decrypt(c.get(), out.data(), &size, ciphertext.data(), ciphertext.size()) != 1)
        return {};
    out.resize(size);
    return out;
}

akcipher::akcipher(const char *name) {
    EXPECT_EQ(kcapi_akcipher_init(&handle_, name, 0), 0) << name;
    EXPECT_STREQ(kcapi_ext_engine_name(handle_), "local");
}

akcipher::akcipher(const char *name, const octets &der, bool is_private) : akcipher(name) {
    EXPECT_EQ(is_private ? set_key(der) : set_public_key(der), static_cast<int>(rsa_size));
}

ssize_t akcipher::call(one_shot *function, const octets &in, octets &out, std::size_t room, int access) {
    out.assign(room, 0xee);
    const ssize_t n = function(handle_, in.data(), in.size(), out.data(), out.size(), access);
    if (n >= 0)
        out.resize(static_cast<std::size_t>(n));
    return n;
}

} // namespace kcapi::test
