// SPDX-License-Identifier: BSD-3-Clause
//
// GHASH (NIST SP 800-38D, 6.4), in time that depends on the length only: no table is looked up by a secret.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace kcapi::local {

class ghash_key {
  public:
    static constexpr std::size_t block_size = 16;

    explicit ghash_key(const std::uint8_t *key) noexcept;
    ~ghash_key();
    ghash_key(const ghash_key &) = delete;
    ghash_key &operator=(const ghash_key &) = delete;

  private:
    friend class ghash;
    struct element {
        std::uint64_t high = 0; ///< the first eight bytes
        std::uint64_t low = 0;
    };
    /// Entry i is the key times x^i: what bit i of the other factor, from the first on, contributes.
    std::array<element, 128> shares_;
};

/// The hash of one message.
class ghash {
  public:
    explicit ghash(const ghash_key &key) noexcept : key_(key) {}
    ~ghash();
    ghash(const ghash &) = default;
    ghash &operator=(const ghash &) = delete;

    /// Adds `data`, with zeros up to a whole block.
    void update(base::bytes data) noexcept;
    void finish(std::uint8_t *digest) const noexcept;
    void restart() noexcept { sum_ = {}; }

  private:
    const ghash_key &key_;
    ghash_key::element sum_;
};

} // namespace kcapi::local
