// SPDX-License-Identifier: BSD-3-Clause
//
// One generator, instantiated by its first seed. The seed is the personalisation string: entropy and nonce
// come from the operating system, or for known answers from a parent that repeats what it was given. Seeding
// again reseeds. libcrypto sees a fork by the process id and reseeds before the child gets anything.
#include "drivers/openssl/drbg.hpp"

#include "base/secret.hpp"
#include "drivers/openssl/approval.hpp"
#include "drivers/openssl/handles.hpp"

#include <openssl/core_names.h>

#include <new>
#include <string_view>

namespace kcapi::openssl {

namespace {

const mechanism &mechanism_of(const local::driver &d) noexcept {
    return *static_cast<const mechanism *>(d.data);
}

rand_method fetch(const char *name, const char *properties) noexcept {
    return rand_method(EVP_RAND_fetch(nullptr, name, properties));
}

/// The API takes them without const and does not change them.
char *text(const char *s) noexcept { return const_cast<char *>(s); }
void *octets(base::bytes b) noexcept { return const_cast<std::uint8_t *>(b.data()); }

/// Where no string begins that libcrypto would replace by one of its own, as it does with a null pointer.
constexpr std::uint8_t nothing = 0;
const std::uint8_t *start_of(base::bytes b) noexcept { return b.empty() ? &nothing : b.data(); }

class generator final : public local::rng_state {
  public:
    generator(const mechanism &m, rand_method method) noexcept : mechanism_(m), method_(std::move(method)) {}

    int seed(base::bytes seed) noexcept override;
    int generate(base::bytes additional, base::mutable_bytes out) noexcept override;
    int set_entropy(base::bytes entropy) noexcept override;

  private:
    [[nodiscard]] int make_source(const quiet_scope &scope) noexcept;
    [[nodiscard]] int instantiate(const quiet_scope &scope, base::bytes personalisation) noexcept;

    const mechanism &mechanism_;
    const rand_method method_;
    base::secret_buffer entropy_; ///< to be used by the next seed
    rand_context source_;         ///< null: the operating system
    rand_context context_;        ///< null until seeded
};

/// The parent that gives `entropy_`: the first bytes as entropy, also when it is asked again, and the rest as
/// nonce. SP 800-90A concatenates the two, so it matters only that both are long enough.
int generator::make_source(const quiet_scope &scope) noexcept {
    const rand_method repeating = fetch("TEST-RAND", nullptr);
    if (repeating == nullptr)
        return scope.reason(ENOPROTOOPT);
    rand_context made(EVP_RAND_CTX_new(repeating.get(), nullptr));
    if (made == nullptr)
        return ENOMEM;
    const base::bytes entropy = entropy_.view().first(mechanism_.strength);
    const base::bytes nonce = entropy_.view().subspan(mechanism_.strength);
    unsigned int strength = 256;
    const OSSL_PARAM given[] = {
        OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
        OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, octets(entropy), entropy.size()),
        OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_NONCE, octets(nonce), nonce.size()),
        OSSL_PARAM_construct_end()};
    if (EVP_RAND_CTX_set_params(made.get(), given) != 1 ||
        EVP_RAND_instantiate(made.get(), strength, 0, nullptr, 0, given) != 1)
        return scope.reason(EIO);
    context_.reset();
    source_ = std::move(made);
    return 0;
}

int generator::instantiate(const quiet_scope &scope, base::bytes personalisation) noexcept {
    rand_context made(EVP_RAND_CTX_new(method_.get(), source_.get()));
    if (made == nullptr)
        return ENOMEM;
    const std::string_view method = mechanism_.method;
    int derivation_function = 1;
    OSSL_PARAM settings[5];
    OSSL_PARAM *p = settings;
    if (method == "CTR-DRBG") {
        *p++ = OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, text(mechanism_.primitive), 0);
        *p++ = OSSL_PARAM_construct_int(OSSL_DRBG_PARAM_USE_DF, &derivation_function);
    } else {
        *p++ = OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_DIGEST, text(mechanism_.primitive), 0);
        if (method == "HMAC-DRBG")
            *p++ = OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_MAC, text("HMAC"), 0);
    }
    if (const char *const query = property_query())
        *p++ = OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_PROPERTIES, text(query), 0);
    *p = OSSL_PARAM_construct_end();
    const auto strength = static_cast<unsigned int>(8 * mechanism_.strength);
    if (EVP_RAND_CTX_set_params(made.get(), settings) != 1 ||
        EVP_RAND_instantiate(made.get(), strength, mechanism_.resistant ? 1 : 0, start_of(personalisation),
                             personalisation.size(), nullptr) != 1)
        return scope.reason(EIO);
    context_ = std::move(made);
    return 0;
}

int generator::seed(base::bytes seed) noexcept {
    const quiet_scope scope;
    if (!entropy_.empty()) {
        if (const int code = make_source(scope); code != 0)
            return code;
        entropy_.clear();
    }
    if (context_ == nullptr)
        return instantiate(scope, seed);
    if (EVP_RAND_reseed(context_.get(), mechanism_.resistant ? 1 : 0, nullptr, 0, start_of(seed),
                        seed.size()) != 1)
        return scope.reason(EIO);
    return 0;
}

int generator::generate(base::bytes additional, base::mutable_bytes out) noexcept {
    if (context_ == nullptr)
        return EINVAL;
    const quiet_scope scope;
    if (EVP_RAND_generate(context_.get(), out.data(), out.size(),
                          static_cast<unsigned int>(8 * mechanism_.strength), mechanism_.resistant ? 1 : 0,
                          start_of(additional), additional.size()) != 1)
        return scope.reason(EIO);
    return 0;
}

int generator::set_entropy(base::bytes entropy) noexcept {
    if (entropy.size() < mechanism_.strength + mechanism_.strength / 2)
        return EINVAL;
    const quiet_scope scope;
    if (fetch("TEST-RAND", nullptr) == nullptr)
        return scope.reason(ENOPROTOOPT);
    result<base::secret_buffer> copy = base::secret_buffer::copy_of(entropy);
    if (!copy)
        return copy.error().code;
    entropy_ = std::move(*copy);
    return 0;
}

} // namespace

bool drbg_available(const local::driver &self, bool fips) noexcept {
    const quiet_scope scope;
    approved_only.store(fips, std::memory_order_release);
    return fetch(mechanism_of(self).method, property_query()) != nullptr;
}

int make_drbg(const local::driver &self, std::unique_ptr<local::rng_state> &out) noexcept {
    const quiet_scope scope;
    const mechanism &m = mechanism_of(self);
    rand_method method = fetch(m.method, property_query());
    if (method == nullptr)
        return scope.reason(ENOENT);
    out.reset(new (std::nothrow) generator(m, std::move(method)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
