// SPDX-License-Identifier: BSD-3-Clause
//
// The ciphers of libcrypto that this module works with. Each is fetched once per process, on first use and
// from any thread, and never freed. They come from OpenSSL's default library context, so what the
// administrator's openssl.cnf says (providers, default properties) holds here as it does for the program's
// own use of OpenSSL: a cipher that it takes away is missing in the suite, and the drivers that need it are
// then not available.
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstddef>
#include <optional>

namespace kcapi::openssl {

/// Which AES a key length means: 0, 1, 2 for 16, 24, 32 bytes.
[[nodiscard]] constexpr std::optional<std::size_t> aes_index(std::size_t key_size) noexcept {
    switch (key_size) {
    case 16:
        return 0;
    case 24:
        return 1;
    case 32:
        return 2;
    default:
        return std::nullopt;
    }
}

enum class mode { ecb, cbc, ctr, xts, cts, gcm, ccm, chacha20_poly1305 };

/// Null where libcrypto does not offer the cipher (it has no XTS over AES-192).
struct suite {
    std::array<EVP_CIPHER *, 3> ecb{};
    std::array<EVP_CIPHER *, 3> cbc{};
    std::array<EVP_CIPHER *, 3> ctr{};
    std::array<EVP_CIPHER *, 3> xts{};
    std::array<EVP_CIPHER *, 3> gcm{};
    std::array<EVP_CIPHER *, 3> ccm{};
    EVP_CIPHER *chacha20_poly1305 = nullptr;
    /// Whether a mode may be put together here from its parts where that is faster. If not, each mode is used
    /// only as the service that the provider has for it, and what the provider has no such service for is
    /// refused.
    bool own_paths = true;

    /// Whether everything is there that serves `m`.
    [[nodiscard]] bool serves(mode m) const noexcept;
};

/// Whatever provider OpenSSL prefers.
[[nodiscard]] const suite &ordinary_suite() noexcept;
/// Only what a provider declares as FIPS approved (property fips=yes).
[[nodiscard]] const suite &approved_suite() noexcept;

} // namespace kcapi::openssl
