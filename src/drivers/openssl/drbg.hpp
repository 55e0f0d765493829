// SPDX-License-Identifier: BSD-3-Clause
//
// The generators of NIST SP 800-90A, by libcrypto. In the kernel these are the implementations of one
// algorithm, stdrng: its names and its order of priorities are kept, so that stdrng is the same generator
// here and a program that asks for one by its driver name gets that. Linux 6.12 has none over SHA-1, older
// kernels have; they come last.
#pragma once

#include "local/driver.hpp"

#include <array>

namespace kcapi::openssl {

struct mechanism {
    const char *method;    ///< libcrypto's name, "HMAC-DRBG"
    const char *primitive; ///< the digest or cipher in it
    std::size_t strength;  ///< bytes of entropy in an instantiation; its nonce has half as many
    bool resistant;        ///< fresh entropy for each output
};

[[nodiscard]] bool drbg_available(const local::driver &self, bool fips) noexcept;
[[nodiscard]] int make_drbg(const local::driver &self, std::unique_ptr<local::rng_state> &out) noexcept;

namespace detail {

template <bool Resistant>
inline constexpr mechanism ctr_aes128{"CTR-DRBG", "AES-128-CTR", 16, Resistant};
template <bool Resistant>
inline constexpr mechanism ctr_aes192{"CTR-DRBG", "AES-192-CTR", 24, Resistant};
template <bool Resistant>
inline constexpr mechanism ctr_aes256{"CTR-DRBG", "AES-256-CTR", 32, Resistant};
template <bool Resistant>
inline constexpr mechanism hash_sha1{"HASH-DRBG", "SHA1", 16, Resistant};
template <bool Resistant>
inline constexpr mechanism hash_sha256{"HASH-DRBG", "SHA2-256", 32, Resistant};
template <bool Resistant>
inline constexpr mechanism hash_sha384{"HASH-DRBG", "SHA2-384", 32, Resistant};
template <bool Resistant>
inline constexpr mechanism hash_sha512{"HASH-DRBG", "SHA2-512", 32, Resistant};
template <bool Resistant>
inline constexpr mechanism hmac_sha1{"HMAC-DRBG", "SHA1", 16, Resistant};
template <bool Resistant>
inline constexpr mechanism hmac_sha256{"HMAC-DRBG", "SHA2-256", 32, Resistant};
template <bool Resistant>
inline constexpr mechanism hmac_sha384{"HMAC-DRBG", "SHA2-384", 32, Resistant};
template <bool Resistant>
inline constexpr mechanism hmac_sha512{"HMAC-DRBG", "SHA2-512", 32, Resistant};

constexpr local::driver drbg_driver(const char *driver_name, int priority, const mechanism &m) noexcept {
    local::driver d;
    d.type = local::driver_kind::rng;
    d.name = "stdrng";
    d.driver_name = driver_name;
    d.provider = "openssl";
    d.priority = priority;
    d.sizes.key = local::key_use::none;
    d.available = drbg_available;
    d.make_rng = make_drbg;
    d.data = &m;
    return d;
}

} // namespace detail

inline constexpr std::array drbg_drivers{
    detail::drbg_driver("drbg_pr_sha1", 196, detail::hash_sha1<true>),
    detail::drbg_driver("drbg_pr_hmac_sha1", 197, detail::hmac_sha1<true>),
    detail::drbg_driver("drbg_nopr_sha1", 198, detail::hash_sha1<false>),
    detail::drbg_driver("drbg_nopr_hmac_sha1", 199, detail::hmac_sha1<false>),
    detail::drbg_driver("drbg_pr_ctr_aes128", 200, detail::ctr_aes128<true>),
    detail::drbg_driver("drbg_pr_ctr_aes192", 201, detail::ctr_aes192<true>),
    detail::drbg_driver("drbg_pr_ctr_aes256", 202, detail::ctr_aes256<true>),
    detail::drbg_driver("drbg_pr_sha384", 203, detail::hash_sha384<true>),
    detail::drbg_driver("drbg_pr_sha512", 204, detail::hash_sha512<true>),
    detail::drbg_driver("drbg_pr_sha256", 205, detail::hash_sha256<true>),
    detail::drbg_driver("drbg_pr_hmac_sha384", 206, detail::hmac_sha384<true>),
    detail::drbg_driver("drbg_pr_hmac_sha256", 207, detail::hmac_sha256<true>),
    detail::drbg_driver("drbg_pr_hmac_sha512", 208, detail::hmac_sha512<true>),
    detail::drbg_driver("drbg_nopr_ctr_aes128", 209, detail::ctr_aes128<false>),
    detail::drbg_driver("drbg_nopr_ctr_aes192", 210, detail::ctr_aes192<false>),
    detail::drbg_driver("drbg_nopr_ctr_aes256", 211, detail::ctr_aes256<false>),
    detail::drbg_driver("drbg_nopr_sha384", 212, detail::hash_sha384<false>),
    detail::drbg_driver("drbg_nopr_sha512", 213, detail::hash_sha512<false>),
    detail::drbg_driver("drbg_nopr_sha256", 214, detail::hash_sha256<false>),
    detail::drbg_driver("drbg_nopr_hmac_sha384", 215, detail::hmac_sha384<false>),
    detail::drbg_driver("drbg_nopr_hmac_sha256", 216, detail::hmac_sha256<false>),
    detail::drbg_driver("drbg_nopr_hmac_sha512", 217, detail::hmac_sha512<false>),
};

} // namespace kcapi::openssl
