// SPDX-License-Identifier: BSD-3-Clause
//
// Three steps: an inner product of each block of 128 bytes with the key, a polynomial of these modulo
// 2^127 - 1, and a product modulo 2^64 - 257 of what that leaves.
#include "local/vmac.hpp"

#include "base/secret.hpp"

#include <endian.h>

#include <cstring>

namespace kcapi::local {

namespace {

using std::uint64_t;

constexpr uint64_t low_32 = 0xffffffff;
constexpr uint64_t low_63 = ~uint64_t{0} >> 1;

struct wide {
    uint64_t high;
    uint64_t low;
};

constexpr wide add(const wide &a, const wide &b) noexcept {
    const uint64_t low = a.low + b.low;
    return {a.high + b.high + (low < a.low ? 1 : 0), low};
}

constexpr wide multiply(uint64_t a, uint64_t b) noexcept {
    const uint64_t a0 = a & low_32, a1 = a >> 32;
    const uint64_t b0 = b & low_32, b1 = b >> 32;
    const uint64_t bottom = a0 * b0;
    const uint64_t middle = a1 * b0 + (bottom >> 32);
    const uint64_t other = a0 * b1 + (middle & low_32);
    return {a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (bottom & low_32)};
}

/// Modulo 2^127 - 1, to at most 127 bits.
constexpr wide fold(const wide &a) noexcept { return add({a.high & low_63, a.low}, {0, a.high >> 63}); }

/// a * b + c modulo 2^127 - 1, for b below 2^125 and c below 2^126.
constexpr wide step(const wide &a, const wide &b, const wide &c) noexcept {
    const wide cross = add(multiply(a.high, b.low), multiply(a.low, b.high));
    const wide lowest = multiply(a.low, b.low);
    const wide highest = multiply(a.high, b.high);
    // The product has the words highest.high, upper.high, upper.low and lowest.low.
    const wide lower = add({0, lowest.high}, {0, cross.low});
    const wide upper = add(add({highest.high, highest.low}, {0, cross.high}), {0, lower.high});
    const wide over{upper.high << 1 | upper.low >> 63, upper.low << 1 | lower.low >> 63};
    return fold(add(add({lower.low & low_63, lowest.low}, over), c));
}

/// Modulo 2^64 - 257, of a sum that has this carry.
constexpr uint64_t reduce(uint64_t sum, bool carry) noexcept {
    const uint64_t less = sum - vhash_key::prime;
    const uint64_t take = 0 - static_cast<uint64_t>(carry | (sum >= vhash_key::prime));
    return (less & take) | (sum & ~take);
}

constexpr uint64_t add_mod(uint64_t a, uint64_t b) noexcept { return reduce(a + b, a + b < a); }

constexpr uint64_t multiply_mod(uint64_t a, uint64_t b) noexcept {
    const wide product = multiply(a, b);
    // 2^64 is 257.
    const wide once = add(multiply(product.high, 257), {0, product.low});
    return add_mod(reduce(once.low, false), once.high * 257);
}

uint64_t load(const std::uint8_t *from) noexcept {
    uint64_t word = 0;
    std::memcpy(&word, from, sizeof word);
    return le64toh(word);
}

} // namespace

vhash_key::~vhash_key() {
    base::wipe(first.data(), sizeof first);
    base::wipe(second.data(), sizeof second);
    base::wipe(third.data(), sizeof third);
}

vhash::~vhash() { restart(); }

void vhash::restart() noexcept {
    base::wipe(buffer_);
    held_ = 0;
    base::wipe(&high_, sizeof high_);
    base::wipe(&low_, sizeof low_);
    low_ = 1;
    begun_ = false;
}

void vhash::update(base::bytes data) noexcept {
    while (!data.empty()) {
        const std::size_t n = std::min(buffer_.size() - held_, data.size());
        std::copy_n(data.begin(), n, buffer_.begin() + static_cast<std::ptrdiff_t>(held_));
        data = data.subspan(n);
        held_ += n;
        if (held_ == buffer_.size()) {
            absorb(held_);
            held_ = 0;
        }
    }
}

/// `length` bytes of the buffer are a block: a multiple of 16.
void vhash::absorb(std::size_t length) noexcept {
    wide sum{0, 0};
    for (std::size_t i = 0; i < length / 8; i += 2)
        sum = add(sum, multiply(load(&buffer_[8 * i]) + key_->first[i],
                                load(&buffer_[8 * i + 8]) + key_->first[i + 1]));
    sum.high &= low_63 >> 1;
    const wide now = step({high_, low_}, {key_->second[0], key_->second[1]}, sum);
    high_ = now.high;
    low_ = now.low;
    begun_ = true;
}

uint64_t vhash::finish() noexcept {
    // Without a block the polynomial is its key. The length of the last one is counted where it is not whole.
    const uint64_t rest_bits = 8 * held_;
    if (held_ != 0 || !begun_) {
        std::fill(buffer_.begin() + static_cast<std::ptrdiff_t>(held_), buffer_.end(), std::uint8_t{0});
        absorb((held_ + 15) / 16 * 16);
    }
    wide y = fold(add({high_, low_}, {rest_bits, 0}));
    // 2^127 - 1 itself is 0.
    const uint64_t keep = (add(y, {0, 1}).high >> 63) - 1;
    y = {y.high & keep, y.low & keep};
    // Quotient and remainder by 2^64 - 2^32, since 2^64 is that and 2^32.
    const uint64_t count = (y.high >> 32) + (y.high & low_32) + (y.low >> 32);
    uint64_t more = count >> 32;
    uint64_t rest = (count & low_32) + more;
    const uint64_t again = (rest + 1) >> 32;
    more += again;
    rest -= again * low_32;
    const uint64_t quotient = y.high + (y.high >> 32) + more;
    const uint64_t remainder = rest << 32 | (y.low & low_32);
    const uint64_t hash = multiply_mod(add_mod(quotient, key_->third[0]), add_mod(remainder, key_->third[1]));
    restart();
    return hash;
}

} // namespace kcapi::local
