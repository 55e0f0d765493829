// SPDX-License-Identifier: BSD-3-Clause
//
// libcrypto's cipher contexts as the modes here use them: one per direction, keyed on first use, padding off,
// any length. Failures are errno values; OpenSSL's error queue is left as found when a context is set up.
// Measured, and the reason for what the modes do: giving a context a new IV costs 70 to 150 ns whatever
// follows, processing a small message without one about 25 ns.
#pragma once

#include "base/bytes.hpp"
#include "drivers/openssl/suite.hpp"
#include "local/driver.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace kcapi::openssl {

inline constexpr std::size_t block_size = 16;
using block = std::array<std::uint8_t, block_size>;

/// libcrypto counts in int.
inline constexpr std::size_t max_update = std::size_t{1} << 30;
static_assert(max_update % block_size == 0);

/// out = a ^ b; `out` may be either of them.
inline void xor_bytes(std::uint8_t *out, const std::uint8_t *a, const std::uint8_t *b,
                      std::size_t n) noexcept {
    std::size_t i = 0;
    for (; i + sizeof(std::uint64_t) <= n; i += sizeof(std::uint64_t)) {
        std::uint64_t x = 0;
        std::uint64_t y = 0;
        std::memcpy(&x, a + i, sizeof x);
        std::memcpy(&y, b + i, sizeof y);
        x ^= y;
        std::memcpy(out + i, &x, sizeof x);
    }
    for (; i < n; ++i)
        out[i] = static_cast<std::uint8_t>(a[i] ^ b[i]);
}

/// One direction of one cipher under one key.
class stream {
  public:
    [[nodiscard]] bool is_open() const noexcept { return context_ != nullptr; }
    /// Takes the key, with an IV of zeros. ENOMEM, EIO.
    [[nodiscard]] int open(const EVP_CIPHER *cipher, base::bytes key, local::direction d) noexcept;
    /// Another key of the same length, with an IV of zeros.
    [[nodiscard]] int set_key(base::bytes key) noexcept;
    [[nodiscard]] int set_iv(const std::uint8_t *iv) noexcept;
    [[nodiscard]] int update(const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept;

  protected:
    [[nodiscard]] EVP_CIPHER_CTX *context() const noexcept { return context_.get(); }

  private:
    struct deleter {
        void operator()(EVP_CIPHER_CTX *context) const noexcept;
    };
    std::unique_ptr<EVP_CIPHER_CTX, deleter> context_;
};

/// The bare block cipher in both directions. The key stays the owner's and must outlive this.
class block_stream {
  public:
    block_stream(const EVP_CIPHER *ecb, base::bytes key) noexcept : ecb_(ecb), key_(key) {}
    /// `length` is a multiple of the block.
    [[nodiscard]] int crypt(local::direction d, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t length) noexcept;

  private:
    const EVP_CIPHER *ecb_;
    base::bytes key_;
    std::array<stream, 2> streams_;
};

} // namespace kcapi::openssl
