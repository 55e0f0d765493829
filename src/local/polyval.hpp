// SPDX-License-Identifier: BSD-3-Clause
//
// POLYVAL (RFC 8452 section 3), in time that depends on the length only: no table is looked up by a secret.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace kcapi::local {

class polyval_key {
  public:
    static constexpr std::size_t block_size = 16;

    explicit polyval_key(const std::uint8_t *key) noexcept;
    ~polyval_key();
    polyval_key(const polyval_key &) = default;
    polyval_key &operator=(const polyval_key &) = delete;

  private:
    friend class polyval;
    struct element {
        std::uint64_t low = 0;
        std::uint64_t high = 0;
    };
    /// Entry i is key * x^(i - 128): what bit i of the other factor contributes to the product.
    std::array<element, 128> shares_;
};

/// The hash of one message.
class polyval {
  public:
    explicit polyval(const polyval_key &key) noexcept : key_(key) {}
    ~polyval();
    polyval(const polyval &) = delete;
    polyval &operator=(const polyval &) = delete;

    /// Adds whole blocks.
    void update(const std::uint8_t *blocks, std::size_t length) noexcept;
    void finish(std::uint8_t *digest) const noexcept;

  private:
    const polyval_key &key_;
    polyval_key::element sum_;
};

} // namespace kcapi::local
