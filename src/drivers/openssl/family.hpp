// SPDX-License-Identifier: BSD-3-Clause
//
// The block ciphers of libcrypto besides AES, which has paths of its own (suite.hpp): each as a bare cipher
// and in the modes that libcrypto has for it. They serve outside FIPS mode only.
//
// Some are in OpenSSL's legacy provider. It is loaded into a library context of our own, so that the
// program's is left as the administrator wants it; without the provider those drivers are not available.
#pragma once

#include "local/driver.hpp"

#include <openssl/types.h>

#include <array>
#include <cstddef>
#include <span>

namespace kcapi::openssl {

enum class family_mode : std::uint8_t { ecb, cbc, ctr };

/// What libcrypto offers for one length of the key.
struct family_member {
    std::uint32_t key_size;            ///< 0: any length
    std::array<const char *, 3> names; ///< by family_mode; null: no such service
    std::array<EVP_CIPHER *, 3> fetched{};
};

struct family {
    bool legacy = false;
    std::uint32_t block_size = 0;
    /// How often the key is written one after the other: DES is three times the same DES.
    std::size_t key_copies = 1;
    std::span<family_member> members;

    /// The service for a key of `key_size` bytes; null if there is none, or no memory (then errno says so).
    [[nodiscard]] const EVP_CIPHER *service(family_mode m, std::size_t key_size) const noexcept;
    /// Whether all members have it.
    [[nodiscard]] bool serves(family_mode m) const noexcept;
};

extern const family des;
extern const family des3_ede;
extern const family camellia;
extern const family aria;
extern const family sm4;
extern const family blowfish;
extern const family cast5;
extern const family seed;

/// The drivers' functions; `self.data` is the family.
template <family_mode Mode>
[[nodiscard]] bool family_available(const local::driver &self, bool fips) noexcept {
    return !fips && static_cast<const family *>(self.data)->serves(Mode);
}
[[nodiscard]] int make_family_cipher(const local::driver &self, base::bytes key,
                                     std::unique_ptr<local::cipher_key> &out) noexcept;
[[nodiscard]] int make_family_ecb(const local::driver &self, base::bytes key,
                                  std::unique_ptr<local::skcipher_key> &out) noexcept;
[[nodiscard]] int make_family_cbc(const local::driver &self, base::bytes key,
                                  std::unique_ptr<local::skcipher_key> &out) noexcept;
/// For blocks of 16 bytes.
[[nodiscard]] int make_family_ctr(const local::driver &self, base::bytes key,
                                  std::unique_ptr<local::skcipher_key> &out) noexcept;

} // namespace kcapi::openssl
