// SPDX-License-Identifier: BSD-3-Clause
#include "base/secret.hpp"
#include "drivers/openssl/agreement.hpp"
#include "drivers/openssl/derive.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <new>

namespace kcapi::openssl {

namespace {

constexpr curve curves[] = {{1, "prime192v1", NID_X9_62_prime192v1, 24},
                            {2, "prime256v1", NID_X9_62_prime256v1, 32},
                            {3, "secp384r1", NID_secp384r1, 48}};
constexpr std::size_t most_field_bytes = 48;

/// Both coordinates follow.
constexpr std::uint8_t uncompressed = 4;
using encoded_point = std::array<std::uint8_t, 1 + 2 * most_field_bytes>;

using ec_group = handle<EC_GROUP, EC_GROUP_free>;
using ec_point = handle<EC_POINT, EC_POINT_clear_free>;

class ecdh_state final : public local::kpp_state {
  public:
    explicit ecdh_state(const curve *c) noexcept : fixed_(c), curve_(c) {}
    int set_parameters(alg::parameter what, base::bytes value) noexcept override;
    int set_key(base::bytes key) noexcept override;
    std::uint32_t output_size() const noexcept override {
        return curve_ == nullptr ? 0 : static_cast<std::uint32_t>(2 * curve_->size);
    }
    int public_key(base::mutable_bytes out, std::size_t &produced) noexcept override;
    int shared_secret(base::bytes peer, base::mutable_bytes out, std::size_t &produced) noexcept override;

  private:
    [[nodiscard]] std::size_t point_size() const noexcept { return 1 + 2 * curve_->size; }
    [[nodiscard]] pkey with_keys(const number *own_private, const encoded_point &own_public) const noexcept;
    [[nodiscard]] int generate(const quiet_scope &scope) noexcept;
    [[nodiscard]] int multiply(const quiet_scope &scope, const number &scalar,
                               encoded_point &product) const noexcept;

    const curve *const fixed_; ///< by the algorithm's name
    const curve *curve_;
    encoded_point public_{};
    pkey key_;
};

/// The number that decimal digits stand for, filled up with NUL bytes or not.
std::optional<unsigned long> decimal(base::bytes text) noexcept {
    while (!text.empty() && text.back() == 0)
        text = text.first(text.size() - 1);
    if (text.empty() || text.size() > 9)
        return std::nullopt;
    unsigned long value = 0;
    for (const std::uint8_t c : text) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - std::uint8_t{'0'});
    }
    return value;
}

int ecdh_state::set_parameters(alg::parameter what, base::bytes value) noexcept {
    if (what != alg::parameter::ecdh_curve)
        return ENOPROTOOPT;
    const std::optional<unsigned long> id = decimal(value);
    const curve *const wanted = id ? find_curve(*id) : nullptr;
    if (wanted == nullptr || (fixed_ != nullptr && fixed_ != wanted))
        return EINVAL;
    curve_ = wanted;
    key_.reset();
    return 0;
}

pkey ecdh_state::with_keys(const number *own_private, const encoded_point &own_public) const noexcept {
    const param_builder builder(OSSL_PARAM_BLD_new());
    if (builder == nullptr ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve_->name, 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, own_public.data(),
                                         point_size()) != 1 ||
        (own_private != nullptr &&
         OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, own_private->get()) != 1))
        return nullptr;
    return make_pkey("EC", builder.get(), own_private != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY);
}

/// The base point times `scalar`, which must be below the order; libcrypto's way for a secret one.
int ecdh_state::multiply(const quiet_scope &scope, const number &scalar,
                         encoded_point &product) const noexcept {
    const ec_group group(EC_GROUP_new_by_curve_name(curve_->nid));
    const ec_point point(group == nullptr ? nullptr : EC_POINT_new(group.get()));
    const number_context work(BN_CTX_secure_new());
    if (point == nullptr || work == nullptr)
        return ENOMEM;
    if (BN_is_zero(scalar.get()) || BN_cmp(scalar.get(), EC_GROUP_get0_order(group.get())) >= 0)
        return EINVAL;
    if (EC_POINT_mul(group.get(), point.get(), scalar.get(), nullptr, nullptr, work.get()) != 1 ||
        EC_POINT_point2oct(group.get(), point.get(), POINT_CONVERSION_UNCOMPRESSED, product.data(),
                           point_size(), work.get()) != point_size())
        return scope.reason(EIO);
    return 0;
}

int ecdh_state::generate(const quiet_scope &scope) noexcept {
    const pkey_context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", property_query()));
    const OSSL_PARAM settings[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, const_cast<char *>(curve_->name), 0),
        OSSL_PARAM_construct_end()};
    EVP_PKEY *generated = nullptr;
    if (context == nullptr || EVP_PKEY_keygen_init(context.get()) != 1 ||
        EVP_PKEY_CTX_set_params(context.get(), settings) != 1 ||
        EVP_PKEY_generate(context.get(), &generated) != 1)
        return scope.reason(EINVAL);
    pkey made(generated);
    std::size_t length = 0;
    if (EVP_PKEY_get_octet_string_param(made.get(), OSSL_PKEY_PARAM_PUB_KEY, public_.data(), public_.size(),
                                        &length) != 1 ||
        length != point_size() || public_[0] != uncompressed)
        return scope.reason(EIO);
    key_ = std::move(made);
    return 0;
}

int ecdh_state::set_key(base::bytes key) noexcept {
    key_.reset();
    if (curve_ == nullptr)
        return EINVAL;
    const quiet_scope scope;
    if (key.empty())
        return generate(scope);
    if (key.size() > curve_->size)
        return EINVAL;
    const number scalar = make_number(key);
    if (scalar == nullptr)
        return ENOMEM;
    if (const int code = multiply(scope, scalar, public_); code != 0)
        return code;
    key_ = with_keys(&scalar, public_);
    return key_ == nullptr ? scope.reason(EINVAL) : 0;
}

int ecdh_state::public_key(base::mutable_bytes out, std::size_t &produced) noexcept {
    if (key_ == nullptr || out.size() < output_size())
        return EINVAL;
    produced = output_size();
    std::copy_n(public_.begin() + 1, produced, out.begin());
    return 0;
}

/// libcrypto refuses coordinates that are no point of the curve when it makes a key of them.
int ecdh_state::shared_secret(base::bytes peer, base::mutable_bytes out, std::size_t &produced) noexcept {
    if (key_ == nullptr || peer.size() != output_size() || out.size() < curve_->size)
        return EINVAL;
    const quiet_scope scope;
    encoded_point point{uncompressed};
    std::copy(peer.begin(), peer.end(), point.begin() + 1);
    const pkey other = with_keys(nullptr, point);
    if (other == nullptr)
        return scope.reason(EINVAL);
    if (const int code = derive(scope, key_, other, nullptr, out.first(curve_->size)); code != 0)
        return code;
    produced = curve_->size;
    return 0;
}

} // namespace

const curve *find_curve(unsigned long id) noexcept {
    for (const curve &c : curves)
        if (c.id == id)
            return &c;
    return nullptr;
}

int make_ecdh(unsigned long curve, std::unique_ptr<local::kpp_state> &out) noexcept {
    out.reset(new (std::nothrow) ecdh_state(find_curve(curve)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
