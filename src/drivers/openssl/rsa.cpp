// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/rsa.hpp"

#include "base/secret.hpp"
#include "drivers/openssl/der.hpp"
#include "drivers/openssl/make_pkey.hpp"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include <new>

namespace kcapi::openssl {

namespace {

using alg::op_code;

constexpr int least_bits = 512;
constexpr int most_bits = OPENSSL_RSA_MAX_MODULUS_BITS;
/// Of the padding: two bytes, eight or more that are not zero, and a zero.
constexpr std::size_t padding_size = 11;

char *text(const char *s) noexcept { return const_cast<char *>(s); }

class rsa_key final : public local::akcipher_key {
  public:
    rsa_key(const rsa_scheme &s, pkey key, bool is_private, int size) noexcept
        : scheme_(s), key_(std::move(key)), private_(is_private), size_(static_cast<std::size_t>(size)) {}

    std::uint32_t output_size() const noexcept override { return static_cast<std::uint32_t>(size_); }
    int crypt(op_code op, base::bytes in, base::mutable_bytes out,
              std::size_t &produced) const noexcept override;

  private:
    using method = int(EVP_PKEY_CTX *, unsigned char *, std::size_t *, const unsigned char *, std::size_t);
    using starter = int(EVP_PKEY_CTX *, const OSSL_PARAM *);

    [[nodiscard]] int run(starter *start, method *go, const OSSL_PARAM *settings, base::bytes in,
                          base::mutable_bytes out, std::size_t &produced, int failure) const noexcept;
    [[nodiscard]] int crypt_raw(bool with_private, base::bytes in, base::mutable_bytes out,
                                std::size_t &produced) const noexcept;
    [[nodiscard]] int crypt_padded(op_code op, base::bytes in, base::mutable_bytes out,
                                   std::size_t &produced) const noexcept;

    const rsa_scheme &scheme_;
    const pkey key_;
    const bool private_;
    const std::size_t size_;
};

/// One operation of libcrypto; `failure` is the number for whatever it does not like.
int rsa_key::run(starter *start, method *go, const OSSL_PARAM *settings, base::bytes in,
                 base::mutable_bytes out, std::size_t &produced, int failure) const noexcept {
    const quiet_scope scope;
    const pkey_context context = make_context(key_);
    if (context == nullptr)
        return ENOMEM;
    std::size_t length = out.size();
    if (start(context.get(), settings) != 1 ||
        go(context.get(), out.data(), &length, in.data(), in.size()) != 1) {
        base::wipe(out);
        return scope.reason(failure);
    }
    produced = length;
    return 0;
}

/// The primitives take a number below the modulus in any number of bytes and give one of the modulus's size.
int rsa_key::crypt_raw(bool with_private, base::bytes in, base::mutable_bytes out,
                       std::size_t &produced) const noexcept {
    while (!in.empty() && in.front() == 0)
        in = in.subspan(1);
    if (in.size() > size_)
        return EINVAL;
    result<base::secret_buffer> padded = base::secret_buffer::make(size_);
    if (!padded)
        return padded.error().code;
    std::copy(in.begin(), in.end(), padded->span().last(in.size()).begin());
    const OSSL_PARAM settings[] = {OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_PAD_MODE,
                                                                    text(OSSL_PKEY_RSA_PAD_MODE_NONE), 0),
                                   OSSL_PARAM_construct_end()};
    return with_private ? run(EVP_PKEY_decrypt_init_ex, EVP_PKEY_decrypt, settings, padded->view(), out,
                              produced, EINVAL)
                        : run(EVP_PKEY_encrypt_init_ex, EVP_PKEY_encrypt, settings, padded->view(), out,
                              produced, EINVAL);
}

/// A ciphertext without right padding is EINVAL as in the kernel, and so is every other failure of a
/// decryption. libcrypto looks at the padding in constant time; but that there was a failure is told, so who
/// lets strangers have ciphertexts decrypted must not let them learn of it. libcrypto from 3.2 on would give
/// random bytes instead, which a caller who knows the kernel would take for the message.
int rsa_key::crypt_padded(op_code op, base::bytes in, base::mutable_bytes out,
                          std::size_t &produced) const noexcept {
    OSSL_PARAM settings[4];
    OSSL_PARAM *p = settings;
    *p++ =
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_PAD_MODE, text(OSSL_PKEY_RSA_PAD_MODE_PKCSV15), 0);
    const bool signature = op == op_code::sign || op == op_code::verify;
    if (signature && scheme_.digest != nullptr)
        *p++ = OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_DIGEST, text(scheme_.digest), 0);
#ifdef OSSL_ASYM_CIPHER_PARAM_IMPLICIT_REJECTION
    unsigned int implicit_rejection = 0;
    if (op == op_code::decrypt)
        *p++ = OSSL_PARAM_construct_uint(OSSL_ASYM_CIPHER_PARAM_IMPLICIT_REJECTION, &implicit_rejection);
#endif
    *p = OSSL_PARAM_construct_end();
    switch (op) {
    case op_code::encrypt:
        if (in.size() + padding_size > size_)
            return EINVAL;
        return run(EVP_PKEY_encrypt_init_ex, EVP_PKEY_encrypt, settings, in, out, produced, EINVAL);
    case op_code::decrypt:
        if (in.size() != size_)
            return EINVAL;
        return run(EVP_PKEY_decrypt_init_ex, EVP_PKEY_decrypt, settings, in, out, produced, EINVAL);
    case op_code::sign:
        if (scheme_.digest != nullptr ? in.size() != scheme_.digest_size : in.size() + padding_size > size_)
            return EINVAL;
        return run(EVP_PKEY_sign_init_ex, EVP_PKEY_sign, settings, in, out, produced, EINVAL);
    default:
        if (in.size() != size_)
            return EINVAL;
        return run(EVP_PKEY_verify_recover_init_ex, EVP_PKEY_verify_recover, settings, in, out, produced,
                   EBADMSG);
    }
}

int rsa_key::crypt(op_code op, base::bytes in, base::mutable_bytes out,
                   std::size_t &produced) const noexcept {
    const bool with_private = op == op_code::decrypt || op == op_code::sign;
    if ((!with_private && op != op_code::encrypt && op != op_code::verify) || (with_private && !private_) ||
        in.empty() || out.size() < size_)
        return EINVAL;
    return scheme_.padded ? crypt_padded(op, in, out, produced) : crypt_raw(with_private, in, out, produced);
}

/// RSAPrivateKey of two primes, or RSAPublicKey (RFC 8017, appendix A.1), as parameters of libcrypto.
int read_key(base::bytes der, bool is_private, OSSL_PARAM_BLD *builder,
             std::array<number, 8> &held) noexcept {
    constexpr const char *names[] = {OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
                                     OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
                                     OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
                                     OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
    der_reader outer(der);
    std::optional<der_reader> key = outer.sequence();
    if (!key || !outer.at_end())
        return EINVAL;
    if (is_private) {
        const std::optional<base::bytes> version = key->integer();
        if (!version || !version->empty())
            return EINVAL;
    }
    const std::size_t count = is_private ? held.size() : 2;
    for (std::size_t i = 0; i < count; ++i) {
        const std::optional<base::bytes> value = key->integer();
        if (!value || value->empty())
            return EINVAL;
        held[i] = make_number(*value);
        if (held[i] == nullptr || OSSL_PARAM_BLD_push_BN(builder, names[i], held[i].get()) != 1)
            return ENOMEM;
    }
    const int bits = BN_num_bits(held[0].get());
    if (!key->at_end() || bits < least_bits || bits > most_bits || !BN_is_odd(held[0].get()) ||
        !BN_is_odd(held[1].get()) || BN_is_one(held[1].get()) || BN_cmp(held[1].get(), held[0].get()) >= 0)
        return EINVAL;
    return 0;
}

} // namespace

bool rsa_available(const local::driver &, bool fips) noexcept {
    const quiet_scope scope;
    approved_only.store(fips, std::memory_order_release);
    const pkey_context context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", property_query()));
    return context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1;
}

int make_rsa(const local::driver &self, base::bytes key, bool is_private,
             std::unique_ptr<local::akcipher_key> &out) noexcept {
    const quiet_scope scope;
    std::array<number, 8> held;
    const param_builder builder(OSSL_PARAM_BLD_new());
    if (builder == nullptr)
        return ENOMEM;
    if (const int code = read_key(key, is_private, builder.get(), held); code != 0)
        return code;
    pkey made = make_pkey("RSA", builder.get(), is_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
    if (made == nullptr)
        return scope.reason(EINVAL);
    // libcrypto asks a key for its size when it is imported, and does not say that there was no memory to
    // ask.
    const int size = EVP_PKEY_get_size(made.get());
    if (size <= 0)
        return ENOMEM;
    out.reset(new (std::nothrow)
                  rsa_key(*static_cast<const rsa_scheme *>(self.data), std::move(made), is_private, size));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
