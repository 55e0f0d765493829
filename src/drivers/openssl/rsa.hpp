// SPDX-License-Identifier: BSD-3-Clause
//
// RSA (RFC 8017): the primitives alone, "rsa", and with the padding of PKCS #1 v1.5, "pkcs1pad(rsa)" and
// "pkcs1pad(rsa,HASH)". With a hash, what is signed and recovered is a digest of it, and the signature
// carries its name; encryption is the same with and without.
#pragma once

#include "local/driver.hpp"

#include <array>
#include <string_view>

namespace kcapi::openssl {

struct rsa_scheme {
    bool padded;
    const char *digest; ///< libcrypto's name; null: the input is signed as it is
    std::size_t digest_size;
};

[[nodiscard]] bool rsa_available(const local::driver &self, bool fips) noexcept;
[[nodiscard]] int make_rsa(const local::driver &self, base::bytes key, bool is_private,
                           std::unique_ptr<local::akcipher_key> &out) noexcept;

inline constexpr rsa_scheme raw_rsa{false, nullptr, 0};
inline constexpr rsa_scheme padded_rsa{true, nullptr, 0};
inline constexpr rsa_scheme rsa_with_sha1{true, "SHA1", 20};
inline constexpr rsa_scheme rsa_with_sha224{true, "SHA2-224", 28};
inline constexpr rsa_scheme rsa_with_sha256{true, "SHA2-256", 32};
inline constexpr rsa_scheme rsa_with_sha384{true, "SHA2-384", 48};
inline constexpr rsa_scheme rsa_with_sha512{true, "SHA2-512", 64};

constexpr local::driver rsa_driver(const char *name, const char *driver_name, const rsa_scheme &s) noexcept {
    local::driver d;
    d.type = local::driver_kind::akcipher;
    d.name = name;
    d.driver_name = driver_name;
    d.provider = "openssl";
    d.priority = 300;
    d.available = rsa_available;
    d.make_akcipher = make_rsa;
    d.data = &s;
    return d;
}

inline constexpr std::array rsa_drivers{
    rsa_driver("rsa", "rsa-openssl", raw_rsa),
    rsa_driver("pkcs1pad(rsa)", "pkcs1pad-rsa-openssl", padded_rsa),
    rsa_driver("pkcs1pad(rsa,sha1)", "pkcs1pad-rsa-sha1-openssl", rsa_with_sha1),
    rsa_driver("pkcs1pad(rsa,sha224)", "pkcs1pad-rsa-sha224-openssl", rsa_with_sha224),
    rsa_driver("pkcs1pad(rsa,sha256)", "pkcs1pad-rsa-sha256-openssl", rsa_with_sha256),
    rsa_driver("pkcs1pad(rsa,sha384)", "pkcs1pad-rsa-sha384-openssl", rsa_with_sha384),
    rsa_driver("pkcs1pad(rsa,sha512)", "pkcs1pad-rsa-sha512-openssl", rsa_with_sha512),
};

} // namespace kcapi::openssl
