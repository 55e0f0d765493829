// SPDX-License-Identifier: BSD-3-Clause
#include "local/ghash.hpp"

#include "base/secret.hpp"

#include <endian.h>

namespace kcapi::local {

namespace {

constexpr std::size_t size = ghash_key::block_size;
/// x^128 = 1 + x + x^2 + x^7; the first bit of a byte is the lowest power.
constexpr std::uint64_t polynomial = std::uint64_t{0xe1} << 56;

std::uint64_t load(const std::uint8_t *from) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return be64toh(value);
}

void store(std::uint64_t value, std::uint8_t *to) noexcept {
    value = htobe64(value);
    std::memcpy(to, &value, sizeof value);
}

/// All ones if bit i of `word`, from the highest on, is set.
constexpr std::uint64_t mask_of(std::uint64_t word, unsigned i) noexcept {
    return std::uint64_t{0} - (word >> (63 - i) & 1);
}

} // namespace

ghash_key::ghash_key(const std::uint8_t *key) noexcept {
    element power{load(key), load(key + 8)};
    for (element &share : shares_) {
        share = power;
        const std::uint64_t reduction = polynomial & (std::uint64_t{0} - (power.low & 1));
        power.low = power.low >> 1 | power.high << 63;
        power.high = power.high >> 1 ^ reduction;
    }
    base::wipe(&power, sizeof power);
}

ghash_key::~ghash_key() { base::wipe(shares_.data(), sizeof shares_); }

ghash::~ghash() { base::wipe(&sum_, sizeof sum_); }

void ghash::update(base::bytes data) noexcept {
    while (!data.empty()) {
        std::array<std::uint8_t, size> block{};
        const std::size_t n = std::min(size, data.size());
        std::copy_n(data.begin(), n, block.begin());
        data = data.subspan(n);
        const std::uint64_t high = sum_.high ^ load(block.data());
        const std::uint64_t low = sum_.low ^ load(block.data() + 8);
        ghash_key::element product;
        for (unsigned i = 0; i < 64; ++i) {
            const ghash_key::element &first = key_.shares_[i];
            const ghash_key::element &second = key_.shares_[64 + i];
            const std::uint64_t by_high = mask_of(high, i);
            const std::uint64_t by_low = mask_of(low, i);
            product.high ^= (first.high & by_high) ^ (second.high & by_low);
            product.low ^= (first.low & by_high) ^ (second.low & by_low);
        }
        sum_ = product;
    }
}

void ghash::finish(std::uint8_t *digest) const noexcept {
    store(sum_.high, digest);
    store(sum_.low, digest + 8);
}

} // namespace kcapi::local
