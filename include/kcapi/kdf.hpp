// SPDX-License-Identifier: BSD-3-Clause
//
// Keys from passwords and from other keys. `hash` is the name of a keyed hash, such as "hmac(sha256)". After
// an error the key is wiped.
#pragma once

#include <kcapi/algorithm.hpp>

#include <chrono>

namespace kcapi {

/// pbkdf2 makes a key from a password (RFC 8018, section 5.2). Take a random salt of 16 bytes or more, and as
/// many iterations as the user can bear: pbkdf2_iterations().
inline result<void> pbkdf2(std::string_view hash, bytes password, bytes salt, std::uint32_t iterations,
                           mutable_bytes key) noexcept {
    if (!detail::fits_32(password.size())) {
        kcapi_memset_secure(key.data(), 0, key.size());
        return error{EINVAL, "the length of the password"};
    }
    const detail::c_name name(hash);
    return detail::done_or_error(kcapi_pbkdf(name.get(), password.data(),
                                             static_cast<std::uint32_t>(password.size()), salt.data(),
                                             salt.size(), iterations, key.data(), key.size()),
                                 "deriving a key from a password");
}

/// pbkdf2_iterations measures how many iterations take longer than `time` here: a power of two, at least
/// 65536. The search takes several times as long.
[[nodiscard]] inline std::uint32_t pbkdf2_iterations(std::string_view hash,
                                                     std::chrono::nanoseconds time) noexcept {
    const detail::c_name name(hash);
    return kcapi_pbkdf_iteration_count(name.get(),
                                       time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 1U);
}

/// hkdf makes a key from key material that is random but not uniform (RFC 5869). `info` says what the key is
/// for.
inline result<void> hkdf(std::string_view hash, bytes material, bytes salt, bytes info,
                         mutable_bytes key) noexcept {
    if (!detail::fits_32(salt.size())) {
        kcapi_memset_secure(key.data(), 0, key.size());
        return error{EINVAL, "the length of the salt"};
    }
    const detail::c_name name(hash);
    return detail::done_or_error(kcapi_hkdf(name.get(), material.data(), material.size(), salt.data(),
                                            static_cast<std::uint32_t>(salt.size()), info.data(), info.size(),
                                            key.data(), key.size()),
                                 "deriving a key");
}

/// How kbkdf strings its blocks together (NIST SP 800-108).
enum class kbkdf_mode : std::uint8_t {
    counter,        ///< section 4.1
    feedback,       ///< section 4.2; the input begins with an IV as long as the digest
    double_pipeline ///< section 4.3
};

/// kbkdf makes a key from a uniform key (NIST SP 800-108). `input` is the fixed input data, which the caller
/// lays out: label, a zero byte, context, length.
inline result<void> kbkdf(std::string_view hash, kbkdf_mode mode, bytes master_key, bytes input,
                          mutable_bytes key, options o = {}) noexcept {
    result<detail::handle> h = detail::handle::open("hash", hash, o.on);
    ssize_t r = h ? 0 : -h.error().code;
    if (r == 0 && !detail::fits_32(master_key.size()))
        r = -EINVAL;
    if (r == 0)
        r = kcapi_md_setkey(h->get(), master_key.data(), static_cast<std::uint32_t>(master_key.size()));
    if (r == 0) {
        const auto derive = mode == kbkdf_mode::counter    ? kcapi_kdf_ctr
                            : mode == kbkdf_mode::feedback ? kcapi_kdf_fb
                                                           : kcapi_kdf_dpi;
        r = derive(h->get(), input.data(), input.size(), key.data(), key.size());
    }
    if (r < 0)
        kcapi_memset_secure(key.data(), 0, key.size());
    return detail::done_or_error(r, "deriving a key");
}

} // namespace kcapi
