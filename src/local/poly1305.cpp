// SPDX-License-Identifier: BSD-3-Clause
#include "local/poly1305.hpp"

#include "base/secret.hpp"

#include <endian.h>

namespace kcapi::local {

namespace {

constexpr std::uint32_t limb_mask = 0x3ffffff;

using limbs = std::array<std::uint32_t, 5>;

std::uint32_t load32(const std::uint8_t *from) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return le32toh(value);
}

/// 128 bits and `top`, the bit above them.
limbs split(const std::uint8_t *from, std::uint32_t top) noexcept {
    return {load32(from) & limb_mask, load32(from + 3) >> 2 & limb_mask, load32(from + 6) >> 4 & limb_mask,
            load32(from + 9) >> 6 & limb_mask, load32(from + 12) >> 8 | top << 24};
}

constexpr std::uint32_t low26(std::uint64_t v) noexcept { return static_cast<std::uint32_t>(v) & limb_mask; }

} // namespace

poly1305_key::poly1305_key(const std::uint8_t *key) noexcept {
    std::array<std::uint8_t, 16> clamped;
    std::memcpy(clamped.data(), key, clamped.size());
    for (const std::size_t i : {3U, 7U, 11U, 15U})
        clamped[i] &= 0x0f;
    for (const std::size_t i : {4U, 8U, 12U})
        clamped[i] &= 0xfc;
    limbs_ = split(clamped.data(), 0);
    base::wipe(clamped);
}

poly1305_key::~poly1305_key() { base::wipe(limbs_.data(), sizeof limbs_); }

poly1305::~poly1305() { base::wipe(h_.data(), sizeof h_); }

void poly1305::update(const std::uint8_t *blocks, std::size_t length) noexcept { absorb(blocks, length, 1); }

void poly1305::update_last(base::bytes rest) noexcept {
    std::array<std::uint8_t, block_size> block{};
    std::copy(rest.begin(), rest.end(), block.begin());
    block[rest.size()] = 1;
    absorb(block.data(), block.size(), 0);
    base::wipe(block);
}

void poly1305::absorb(const std::uint8_t *blocks, std::size_t length, std::uint32_t top) noexcept {
    const limbs &r = key_.limbs_;
    for (std::size_t at = 0; at < length; at += block_size) {
        const limbs m = split(blocks + at, top);
        std::array<std::uint64_t, 5> d{};
        for (std::size_t i = 0; i < 5; ++i)
            h_[i] += m[i];
        // What overflows 2^130 comes back times 5.
        for (std::size_t i = 0; i < 5; ++i)
            for (std::size_t j = 0; j < 5; ++j)
                d[(i + j) % 5] += std::uint64_t{h_[i]} * (i + j < 5 ? r[j] : 5 * r[j]);
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            d[i] += carry;
            h_[i] = low26(d[i]);
            carry = d[i] >> 26;
        }
        const std::uint64_t first = h_[0] + 5 * carry;
        h_[0] = low26(first);
        h_[1] += static_cast<std::uint32_t>(first >> 26);
    }
}

std::array<std::uint64_t, 2> poly1305::value() const noexcept {
    limbs h = h_;
    std::uint32_t carry = 0;
    // Twice around: the carry out of the top limb may run through all of them once more.
    for (int round = 0; round < 2; ++round) {
        for (std::uint32_t &limb : h) {
            limb += carry;
            carry = limb >> 26;
            limb &= limb_mask;
        }
        carry *= 5;
    }
    h[0] += carry;
    // h - (2^130 - 5) has bit 130 set exactly if h is not below the modulus.
    limbs reduced;
    carry = 5;
    for (std::size_t i = 0; i < 5; ++i) {
        reduced[i] = h[i] + carry;
        carry = reduced[i] >> 26;
        reduced[i] &= limb_mask;
    }
    const std::uint32_t take = 0 - carry;
    for (std::size_t i = 0; i < 5; ++i)
        h[i] = (h[i] & ~take) | (reduced[i] & take);
    const std::array<std::uint64_t, 2> out{h[0] | std::uint64_t{h[1]} << 26 | std::uint64_t{h[2]} << 52,
                                           std::uint64_t{h[2]} >> 12 | std::uint64_t{h[3]} << 14 |
                                               std::uint64_t{h[4]} << 40};
    base::wipe(h.data(), sizeof h);
    base::wipe(reduced.data(), sizeof reduced);
    return out;
}

} // namespace kcapi::local
