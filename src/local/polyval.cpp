// SPDX-License-Identifier: BSD-3-Clause
#include "local/polyval.hpp"

#include "base/secret.hpp"

#include <endian.h>

namespace kcapi::local {

namespace {

std::uint64_t load(const std::uint8_t *from) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return le64toh(value);
}

void store(std::uint64_t value, std::uint8_t *to) noexcept {
    value = htole64(value);
    std::memcpy(to, &value, sizeof value);
}

} // namespace

/// Division by x in the field of x^128 + x^127 + x^126 + x^121 + 1, bit i being the coefficient of x^i.
polyval_key::polyval_key(const std::uint8_t *key) noexcept {
    element e{load(key), load(key + 8)};
    for (std::size_t i = shares_.size(); i-- > 0;) {
        const std::uint64_t odd = 0 - (e.low & 1);
        e.low = e.low >> 1 | e.high << 63;
        e.high = e.high >> 1 ^ (odd & 0xe100000000000000);
        shares_[i] = e;
    }
}

polyval_key::~polyval_key() { base::wipe(shares_.data(), sizeof shares_); }

polyval::~polyval() { base::wipe(&sum_, sizeof sum_); }

void polyval::update(const std::uint8_t *blocks, std::size_t length) noexcept {
    for (std::size_t at = 0; at < length; at += polyval_key::block_size) {
        std::uint64_t low = sum_.low ^ load(blocks + at);
        std::uint64_t high = sum_.high ^ load(blocks + at + 8);
        polyval_key::element product;
        for (std::size_t i = 0; i < 64; ++i, low >>= 1, high >>= 1) {
            const polyval_key::element &a = key_.shares_[i];
            const polyval_key::element &b = key_.shares_[i + 64];
            const std::uint64_t with_a = 0 - (low & 1);
            const std::uint64_t with_b = 0 - (high & 1);
            product.low ^= (a.low & with_a) ^ (b.low & with_b);
            product.high ^= (a.high & with_a) ^ (b.high & with_b);
        }
        sum_ = product;
    }
}

void polyval::finish(std::uint8_t *digest) const noexcept {
    store(sum_.low, digest);
    store(sum_.high, digest + 8);
}

} // namespace kcapi::local
