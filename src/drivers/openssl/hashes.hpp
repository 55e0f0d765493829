// SPDX-License-Identifier: BSD-3-Clause
//
// The digests and MACs of libcrypto that this module works with; what suite.hpp says about ciphers holds for
// them too: fetched once per process, null where libcrypto has none, never freed. Each is fetched when it is
// first asked for: a program that hashes one file does not pay for libcrypto's ciphers.
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace kcapi::openssl {

enum class digest : std::uint8_t {
    md5,
    rmd160,
    sha1,
    sha224,
    sha256,
    sha384,
    sha512,
    sha3_224,
    sha3_256,
    sha3_384,
    sha3_512,
    sm3,
    blake2b_512,
    blake2s_256,
};
inline constexpr std::size_t digest_count = 14;

enum class mac : std::uint8_t { hmac, cmac, blake2b, blake2s };
inline constexpr std::size_t mac_count = 4;

class hash_suite {
  public:
    /// What a MAC has to ask of the digest or cipher it fetches itself; null: nothing.
    const char *properties = nullptr;
    /// Whether HMAC may be put together here from its digest, which is faster. If not, it is used only as the
    /// service that the provider has for it.
    bool own_paths = true;

    /// From any thread.
    [[nodiscard]] EVP_MD *operator[](digest d) const noexcept;
    [[nodiscard]] EVP_MAC *operator[](mac m) const noexcept;
    /// Whether the ciphers that cmac works with are there.
    [[nodiscard]] bool has_aes() const noexcept;
    [[nodiscard]] bool has_des3() const noexcept;

  private:
    mutable std::array<EVP_MD *, digest_count> digests_{};
    mutable std::array<EVP_MAC *, mac_count> macs_{};
};

/// libcrypto's name of a digest.
[[nodiscard]] const char *name_of(digest d) noexcept;

/// Whatever provider OpenSSL prefers.
[[nodiscard]] const hash_suite &ordinary_hashes() noexcept;
/// Only what a provider declares as FIPS approved (property fips=yes).
[[nodiscard]] const hash_suite &approved_hashes() noexcept;

} // namespace kcapi::openssl
