// SPDX-License-Identifier: BSD-3-Clause
#include "base/secret.hpp"
#include "drivers/openssl/agreement.hpp"
#include "drivers/openssl/der.hpp"
#include "drivers/openssl/derive.hpp"

#include <openssl/core_names.h>

#include <new>

namespace kcapi::openssl {

namespace {

constexpr int least_bits = 1024;
constexpr int most_bits = 8192;

base::bytes without_leading_zeros(base::bytes n) noexcept {
    while (!n.empty() && n.front() == 0)
        n = n.subspan(1);
    return n;
}

class dh_state final : public local::kpp_state {
  public:
    int set_parameters(alg::parameter what, base::bytes value) noexcept override;
    int set_key(base::bytes key) noexcept override;
    std::uint32_t output_size() const noexcept override { return static_cast<std::uint32_t>(size_); }
    int public_key(base::mutable_bytes out, std::size_t &produced) noexcept override;
    int shared_secret(base::bytes peer, base::mutable_bytes out, std::size_t &produced) noexcept override;

  private:
    /// Whether 1 < n < p - 1.
    [[nodiscard]] bool is_inside(const number &n) const noexcept {
        return !BN_is_zero(n.get()) && !BN_is_one(n.get()) && BN_cmp(n.get(), largest_.get()) < 0;
    }
    [[nodiscard]] pkey with_keys(const number *own_private, const number &own_public) const noexcept;
    [[nodiscard]] int generate(const quiet_scope &scope) noexcept;

    number modulus_;
    number largest_; ///< p - 1
    number generator_;
    std::size_t size_ = 0;
    number public_;
    pkey key_;
};

int dh_state::set_parameters(alg::parameter what, base::bytes value) noexcept {
    if (what != alg::parameter::dh_parameters)
        return ENOPROTOOPT;
    const quiet_scope scope;
    der_reader outer(value);
    std::optional<der_reader> given = outer.sequence();
    if (!given || !outer.at_end())
        return EINVAL;
    const std::optional<base::bytes> p = given->integer();
    const std::optional<base::bytes> g = p ? given->integer() : std::nullopt;
    // PKCS #3 lets a length for private keys follow.
    if (!g || (!given->at_end() && (!given->integer() || !given->at_end())))
        return EINVAL;
    number modulus = make_number(*p);
    number generator = make_number(*g);
    number largest = make_number(*p);
    if (modulus == nullptr || generator == nullptr || largest == nullptr)
        return ENOMEM;
    const int bits = BN_num_bits(modulus.get());
    if (bits < least_bits || bits > most_bits || !BN_is_odd(modulus.get()))
        return EINVAL;
    if (BN_sub_word(largest.get(), 1) != 1)
        return ENOMEM;
    if (BN_is_zero(generator.get()) || BN_is_one(generator.get()) ||
        BN_cmp(generator.get(), largest.get()) >= 0)
        return EINVAL;
    modulus_ = std::move(modulus);
    generator_ = std::move(generator);
    largest_ = std::move(largest);
    size_ = static_cast<std::size_t>(BN_num_bytes(modulus_.get()));
    key_.reset();
    public_.reset();
    return 0;
}

/// A key of the group; without `own_private` it is a peer's.
pkey dh_state::with_keys(const number *own_private, const number &own_public) const noexcept {
    const param_builder builder(OSSL_PARAM_BLD_new());
    if (builder == nullptr ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_P, modulus_.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_G, generator_.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, own_public.get()) != 1 ||
        (own_private != nullptr &&
         OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, own_private->get()) != 1))
        return nullptr;
    return make_pkey("DH", builder.get(), own_private != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
}

int dh_state::generate(const quiet_scope &scope) noexcept {
    const param_builder builder(OSSL_PARAM_BLD_new());
    if (builder == nullptr ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_P, modulus_.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_FFC_G, generator_.get()) != 1)
        return ENOMEM;
    const pkey parameters = make_pkey("DH", builder.get(), EVP_PKEY_KEY_PARAMETERS);
    if (parameters == nullptr)
        return scope.reason(EINVAL);
    const pkey_context context = make_context(parameters);
    EVP_PKEY *made = nullptr;
    BIGNUM *made_public = nullptr;
    if (context == nullptr || EVP_PKEY_keygen_init(context.get()) != 1 ||
        EVP_PKEY_generate(context.get(), &made) != 1)
        return scope.reason(EINVAL);
    key_.reset(made);
    const int found = EVP_PKEY_get_bn_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, &made_public);
    public_.reset(made_public);
    if (found != 1) {
        key_.reset();
        return scope.reason(EIO);
    }
    return 0;
}

int dh_state::set_key(base::bytes key) noexcept {
    key_.reset();
    public_.reset();
    if (size_ == 0)
        return EINVAL;
    const quiet_scope scope;
    if (key.empty())
        return generate(scope);
    const base::bytes digits = without_leading_zeros(key);
    if (digits.empty() || digits.size() > size_)
        return EINVAL;
    const number exponent = make_number(digits);
    number power(BN_secure_new());
    const number_context work(BN_CTX_secure_new());
    if (exponent == nullptr || power == nullptr || work == nullptr)
        return ENOMEM;
    if (BN_cmp(exponent.get(), largest_.get()) >= 0)
        return EINVAL;
    BN_set_flags(exponent.get(), BN_FLG_CONSTTIME);
    if (BN_mod_exp_mont_consttime(power.get(), generator_.get(), exponent.get(), modulus_.get(), work.get(),
                                  nullptr) != 1)
        return scope.reason(EINVAL);
    if (!is_inside(power))
        return EINVAL;
    pkey made = with_keys(&exponent, power);
    if (made == nullptr)
        return scope.reason(EINVAL);
    key_ = std::move(made);
    public_ = std::move(power);
    return 0;
}

int dh_state::public_key(base::mutable_bytes out, std::size_t &produced) noexcept {
    if (key_ == nullptr || out.size() < size_)
        return EINVAL;
    if (BN_bn2binpad(public_.get(), out.data(), static_cast<int>(size_)) < 0)
        return EIO;
    produced = size_;
    return 0;
}

int dh_state::shared_secret(base::bytes peer, base::mutable_bytes out, std::size_t &produced) noexcept {
    if (key_ == nullptr || out.size() < size_)
        return EINVAL;
    const quiet_scope scope;
    const base::bytes digits = without_leading_zeros(peer);
    if (digits.size() > size_)
        return EINVAL;
    const number value = make_number(digits);
    if (value == nullptr)
        return ENOMEM;
    if (!is_inside(value))
        return EINVAL;
    const pkey other = with_keys(nullptr, value);
    if (other == nullptr)
        return scope.reason(EINVAL);
    unsigned int pad = 1;
    const OSSL_PARAM settings[] = {OSSL_PARAM_construct_uint(OSSL_EXCHANGE_PARAM_PAD, &pad),
                                   OSSL_PARAM_construct_end()};
    if (const int code = derive(scope, key_, other, settings, out.first(size_)); code != 0)
        return code;
    produced = size_;
    return 0;
}

} // namespace

bool agreement_available(const local::driver &, bool fips) noexcept { return !fips; }

int make_dh(const local::driver &, std::unique_ptr<local::kpp_state> &out) noexcept {
    out.reset(new (std::nothrow) dh_state);
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
