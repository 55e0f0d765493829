// SPDX-License-Identifier: BSD-3-Clause
//
// The table of hash drivers over libcrypto; a part of the module's.
#pragma once

#include "drivers/openssl/digest.hpp"

#include <array>
#include <atomic>

namespace kcapi::openssl {

/// Which suite keys are made with; as for ciphers, the one last asked for and found to serve.
inline std::atomic<const hash_suite *> hashes_in_use{nullptr};

[[nodiscard]] inline const hash_suite &current_hashes() noexcept {
    const hash_suite *const s = hashes_in_use.load(std::memory_order_acquire);
    return s != nullptr ? *s : ordinary_hashes();
}

/// `Serves` tells of a suite whether it has all that a driver needs.
template <auto Serves>
bool hash_available(const local::driver &, bool fips) noexcept {
    const hash_suite &s = fips ? approved_hashes() : ordinary_hashes();
    if (!Serves(s))
        return false;
    hashes_in_use.store(&s, std::memory_order_release);
    return true;
}

template <digest D>
bool serves_digest(const hash_suite &s) noexcept {
    return s[D] != nullptr;
}
template <digest D>
bool serves_hmac(const hash_suite &s) noexcept {
    return s[D] != nullptr && (s.own_paths || s[mac::hmac] != nullptr);
}
/// The kernel takes no BLAKE2 in FIPS mode.
template <digest D, mac M>
bool serves_blake2(const hash_suite &s) noexcept {
    return s.own_paths && s[D] != nullptr && s[M] != nullptr;
}
inline bool serves_cmac(const hash_suite &s) noexcept { return s[mac::cmac] != nullptr && s.has_aes(); }
inline bool serves_cmac_des3(const hash_suite &s) noexcept { return s[mac::cmac] != nullptr && s.has_des3(); }

template <digest D>
int make_plain(const local::driver &, base::bytes, hash_out &out) noexcept {
    return make_digest(current_hashes(), D, out);
}
template <digest D, mac M>
int make_with_optional_key(const local::driver &self, base::bytes key, hash_out &out) noexcept {
    const hash_suite &s = current_hashes();
    return key.empty() ? make_digest(s, D, out) : make_blake2(s, M, self.sizes.digest_size, key, out);
}
template <digest D>
int make_keyed_hash(const local::driver &, base::bytes key, hash_out &out) noexcept {
    return make_hmac(current_hashes(), D, key, out);
}
template <auto Make>
int make_mac_key(const local::driver &, base::bytes key, hash_out &out) noexcept {
    return Make(current_hashes(), key, out);
}

constexpr local::driver hash_driver(const char *name, const char *driver_name, local::limits sizes,
                                    bool (*available)(const local::driver &, bool) noexcept,
                                    int (*make)(const local::driver &, base::bytes,
                                                hash_out &) noexcept) noexcept {
    return {.type = local::driver_kind::hash,
            .name = name,
            .driver_name = driver_name,
            .provider = "openssl",
            .priority = 300,
            .sizes = sizes,
            .available = available,
            .make_hash = make};
}

template <digest D>
constexpr local::driver digest_driver(const char *name, const char *driver_name, std::uint32_t block,
                                      std::uint32_t size) noexcept {
    return hash_driver(name, driver_name,
                       {.block_size = block, .digest_size = size, .key = local::key_use::none},
                       hash_available<serves_digest<D>>, make_plain<D>);
}

template <digest D, mac M>
constexpr local::driver blake2_driver(const char *name, const char *driver_name, std::uint32_t block,
                                      std::uint32_t size, std::uint32_t longest_key) noexcept {
    return hash_driver(name, driver_name,
                       {.block_size = block,
                        .min_key_size = 1,
                        .max_key_size = longest_key,
                        .digest_size = size,
                        .key = local::key_use::optional},
                       hash_available<serves_blake2<D, M>>, make_with_optional_key<D, M>);
}

/// Of the length of a key only the memory for it is a limit.
template <digest D>
constexpr local::driver hmac_driver(const char *name, const char *driver_name, std::uint32_t block,
                                    std::uint32_t size) noexcept {
    return hash_driver(name, driver_name,
                       {.block_size = block, .max_key_size = UINT32_MAX, .digest_size = size},
                       hash_available<serves_hmac<D>>, make_keyed_hash<D>);
}

inline constexpr auto hash_drivers = std::to_array<local::driver>({
    digest_driver<digest::md5>("md5", "md5-openssl", 64, 16),
    digest_driver<digest::rmd160>("rmd160", "rmd160-openssl", 64, 20),
    digest_driver<digest::sha1>("sha1", "sha1-openssl", 64, 20),
    digest_driver<digest::sha224>("sha224", "sha224-openssl", 64, 28),
    digest_driver<digest::sha256>("sha256", "sha256-openssl", 64, 32),
    digest_driver<digest::sha384>("sha384", "sha384-openssl", 128, 48),
    digest_driver<digest::sha512>("sha512", "sha512-openssl", 128, 64),
    digest_driver<digest::sha3_224>("sha3-224", "sha3-224-openssl", 144, 28),
    digest_driver<digest::sha3_256>("sha3-256", "sha3-256-openssl", 136, 32),
    digest_driver<digest::sha3_384>("sha3-384", "sha3-384-openssl", 104, 48),
    digest_driver<digest::sha3_512>("sha3-512", "sha3-512-openssl", 72, 64),
    digest_driver<digest::sm3>("sm3", "sm3-openssl", 64, 32),
    blake2_driver<digest::blake2b_512, mac::blake2b>("blake2b-512", "blake2b-512-openssl", 128, 64, 64),
    blake2_driver<digest::blake2s_256, mac::blake2s>("blake2s-256", "blake2s-256-openssl", 64, 32, 32),
    hmac_driver<digest::md5>("hmac(md5)", "hmac-md5-openssl", 64, 16),
    hmac_driver<digest::rmd160>("hmac(rmd160)", "hmac-rmd160-openssl", 64, 20),
    hmac_driver<digest::sha1>("hmac(sha1)", "hmac-sha1-openssl", 64, 20),
    hmac_driver<digest::sha224>("hmac(sha224)", "hmac-sha224-openssl", 64, 28),
    hmac_driver<digest::sha256>("hmac(sha256)", "hmac-sha256-openssl", 64, 32),
    hmac_driver<digest::sha384>("hmac(sha384)", "hmac-sha384-openssl", 128, 48),
    hmac_driver<digest::sha512>("hmac(sha512)", "hmac-sha512-openssl", 128, 64),
    hmac_driver<digest::sha3_224>("hmac(sha3-224)", "hmac-sha3-224-openssl", 144, 28),
    hmac_driver<digest::sha3_256>("hmac(sha3-256)", "hmac-sha3-256-openssl", 136, 32),
    hmac_driver<digest::sha3_384>("hmac(sha3-384)", "hmac-sha3-384-openssl", 104, 48),
    hmac_driver<digest::sha3_512>("hmac(sha3-512)", "hmac-sha3-512-openssl", 72, 64),
    hmac_driver<digest::sm3>("hmac(sm3)", "hmac-sm3-openssl", 64, 32),
    hmac_driver<digest::blake2b_512>("hmac(blake2b-512)", "hmac-blake2b-512-openssl", 128, 64),
    hmac_driver<digest::blake2s_256>("hmac(blake2s-256)", "hmac-blake2s-256-openssl", 64, 32),
    hash_driver("cmac(aes)", "cmac-aes-openssl",
                {.block_size = 16, .min_key_size = 16, .max_key_size = 32, .digest_size = 16},
                hash_available<serves_cmac>, make_mac_key<make_cmac>),
    hash_driver("cmac(des3_ede)", "cmac-des3_ede-openssl",
                {.block_size = 8, .min_key_size = 24, .max_key_size = 24, .digest_size = 8},
                hash_available<serves_cmac_des3>, make_mac_key<make_cmac_des3>),
});

} // namespace kcapi::openssl
