// SPDX-License-Identifier: BSD-3-Clause
//
// Key agreement: Diffie-Hellman over the integers ("dh", parameters of PKCS #3) and over the curves of NIST
// ("ecdh-nist-p256" and so on; "ecdh" is told its curve by number). Numbers and coordinates are big endian
// and as long as the modulus or the field: a public key of a curve is x and y, a shared secret is x.
//
// They do not serve in FIPS mode: a public key is computed from a private key that was given, which the
// provider has no service for.
#pragma once

#include "local/driver.hpp"

#include <array>

namespace kcapi::openssl {

struct curve {
    unsigned long id; ///< ECC_CURVE_NIST_* of kcapi.h
    const char *name; ///< libcrypto's
    int nid;
    std::size_t size; ///< of the field, in bytes
};

/// Null for a number that stands for none.
[[nodiscard]] const curve *find_curve(unsigned long id) noexcept;

[[nodiscard]] bool agreement_available(const local::driver &self, bool fips) noexcept;
[[nodiscard]] int make_dh(const local::driver &self, std::unique_ptr<local::kpp_state> &out) noexcept;
/// 0 for `Curve`: it must be set.
[[nodiscard]] int make_ecdh(unsigned long curve, std::unique_ptr<local::kpp_state> &out) noexcept;
template <unsigned long Curve>
[[nodiscard]] int make_ecdh_over(const local::driver &, std::unique_ptr<local::kpp_state> &out) noexcept {
    return make_ecdh(Curve, out);
}

using kpp_factory = int(const local::driver &, std::unique_ptr<local::kpp_state> &) noexcept;

constexpr local::driver agreement_driver(const char *name, const char *driver_name,
                                         kpp_factory *make) noexcept {
    local::driver d;
    d.type = local::driver_kind::kpp;
    d.name = name;
    d.driver_name = driver_name;
    d.provider = "openssl";
    d.priority = 300;
    d.available = agreement_available;
    d.make_kpp = make;
    return d;
}

inline constexpr std::array agreement_drivers{
    agreement_driver("dh", "dh-openssl", make_dh),
    agreement_driver("ecdh", "ecdh-openssl", make_ecdh_over<0>),
    agreement_driver("ecdh-nist-p192", "ecdh-nist-p192-openssl", make_ecdh_over<1>),
    agreement_driver("ecdh-nist-p256", "ecdh-nist-p256-openssl", make_ecdh_over<2>),
    agreement_driver("ecdh-nist-p384", "ecdh-nist-p384-openssl", make_ecdh_over<3>),
};

} // namespace kcapi::openssl
