// SPDX-License-Identifier: BSD-3-Clause
//
// NHPoly1305 (Crowley and Biggers, "Adiantum", section 2.4): NH over pieces of 1 KiB, and the polynomial of
// Poly1305 over what it leaves. Constant time.
#pragma once

#include "local/poly1305.hpp"

namespace kcapi::local {

class nhpoly1305_key {
  public:
    static constexpr std::size_t piece_size = 1024;
    static constexpr std::size_t passes = 4;
    static constexpr std::size_t unit_size = 16;
    static constexpr std::size_t poly_key_size = 16;
    static constexpr std::size_t nh_key_size = piece_size + (passes - 1) * unit_size;
    static constexpr std::size_t key_size = poly_key_size + nh_key_size;

    /// `key` has key_size bytes: that of the polynomial, then that of NH.
    explicit nhpoly1305_key(const std::uint8_t *key) noexcept;
    ~nhpoly1305_key();
    nhpoly1305_key(const nhpoly1305_key &) = default;
    nhpoly1305_key &operator=(const nhpoly1305_key &) = delete;

    /// The hash of one message, as two little-endian halves.
    [[nodiscard]] std::array<std::uint64_t, 2> hash(const std::uint8_t *message,
                                                    std::size_t length) const noexcept;

  private:
    friend class nhpoly1305;
    /// `length` is a multiple of unit_size, at most piece_size.
    void add_piece(poly1305 &to, const std::uint8_t *piece, std::size_t length) const noexcept;

    poly1305_key poly_;
    std::array<std::uint32_t, nh_key_size / 4> nh_;
};

/// The hash of a message that comes in parts.
class nhpoly1305 {
  public:
    explicit nhpoly1305(const nhpoly1305_key &key) noexcept : key_(key), sum_(key.poly_) {}
    ~nhpoly1305();
    nhpoly1305(const nhpoly1305 &) = default;
    nhpoly1305 &operator=(const nhpoly1305 &) = delete;

    void update(base::bytes data) noexcept;
    /// The next update begins a message.
    [[nodiscard]] std::array<std::uint64_t, 2> finish() noexcept;
    void restart() noexcept;

  private:
    const nhpoly1305_key &key_;
    poly1305 sum_;
    std::array<std::uint8_t, nhpoly1305_key::piece_size> piece_{};
    std::size_t held_ = 0;
};

} // namespace kcapi::local
