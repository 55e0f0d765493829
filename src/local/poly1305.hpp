// SPDX-License-Identifier: BSD-3-Clause
//
// The polynomial of Poly1305 (RFC 8439 section 2.5) over whole blocks, without the number that a
// one-time authenticator adds at the end: the value is what Adiantum hashes with. Constant time.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace kcapi::local {

/// The point at which polynomials are evaluated: 16 bytes, clamped.
class poly1305_key {
  public:
    explicit poly1305_key(const std::uint8_t *key) noexcept;
    ~poly1305_key();
    poly1305_key(const poly1305_key &) = default;
    poly1305_key &operator=(const poly1305_key &) = delete;

  private:
    friend class poly1305;
    std::array<std::uint32_t, 5> limbs_; ///< 26 bits each
};

class poly1305 {
  public:
    static constexpr std::size_t block_size = 16;

    explicit poly1305(const poly1305_key &key) noexcept : key_(key) {}
    ~poly1305();
    poly1305(const poly1305 &) = default;
    poly1305 &operator=(const poly1305 &) = delete;

    /// Adds whole blocks.
    void update(const std::uint8_t *blocks, std::size_t length) noexcept;
    /// Adds what is left of a message, less than a block, with a one behind it.
    void update_last(base::bytes rest) noexcept;
    void restart() noexcept { h_ = {}; }
    /// The value modulo 2^130 - 5 and then 2^128, as two little-endian halves.
    [[nodiscard]] std::array<std::uint64_t, 2> value() const noexcept;

  private:
    /// `top` is the bit above each block.
    void absorb(const std::uint8_t *blocks, std::size_t length, std::uint32_t top) noexcept;

    const poly1305_key key_;
    std::array<std::uint32_t, 5> h_{};
};

} // namespace kcapi::local
