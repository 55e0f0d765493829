// SPDX-License-Identifier: BSD-3-Clause
//
// VHASH of VMAC with tags of 64 bits (Krovetz and Dai, draft-krovetz-vmac-01), the part without the cipher.
// In time that depends on the length only: no table, no branch on data, no division.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstdint>

namespace kcapi::local {

/// The numbers that the cipher makes of a key.
struct vhash_key {
    static constexpr std::size_t block_size = 128;

    vhash_key() = default;
    ~vhash_key();
    vhash_key(const vhash_key &) = default;
    vhash_key &operator=(const vhash_key &) = default;

    std::array<std::uint64_t, block_size / 8> first{}; ///< of the inner products
    std::array<std::uint64_t, 2> second{};             ///< of the polynomial, high word first, masked
    std::array<std::uint64_t, 2> third{};              ///< of the last product, each below prime

    /// 2^64 - 257.
    static constexpr std::uint64_t prime = 0xfffffffffffffeff;
    static constexpr std::uint64_t second_mask = 0x1fffffff1fffffff;
};

class vhash {
  public:
    /// The key must outlive it.
    explicit vhash(const vhash_key &key) noexcept : key_(&key) {}
    ~vhash();
    vhash(const vhash &) = default;
    vhash &operator=(const vhash &) = default;

    void update(base::bytes data) noexcept;
    /// The hash of what was added; afterwards a new message begins.
    [[nodiscard]] std::uint64_t finish() noexcept;
    void restart() noexcept;

  private:
    void absorb(std::size_t length) noexcept;

    const vhash_key *key_;
    std::array<std::uint8_t, vhash_key::block_size> buffer_{};
    std::size_t held_ = 0;
    /// A number below 2^127.
    std::uint64_t high_ = 0;
    std::uint64_t low_ = 1;
    bool begun_ = false;
};

} // namespace kcapi::local
