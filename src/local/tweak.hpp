// SPDX-License-Identifier: BSD-3-Clause
//
// The tweak of XTS: an element of GF(2^128) modulo x^128 + x^7 + x^2 + x + 1, in bytes little-endian (IEEE
// 1619 section 5.2). Block j of a message has the encrypted IV times x^j. All steps take constant time.
#pragma once

#include <endian.h>

#include <cstdint>
#include <cstring>

namespace kcapi::local {

struct tweak {
    std::uint64_t low = 0;
    std::uint64_t high = 0;

    static tweak load(const std::uint8_t *from) noexcept { return {load_half(from), load_half(from + 8)}; }
    void store(std::uint8_t *to) const noexcept {
        store_half(to, low);
        store_half(to + 8, high);
    }

    /// To the next block: times x.
    void step() noexcept {
        const std::uint64_t carry = high >> 63;
        high = high << 1 | low >> 63;
        low = low << 1 ^ (0x87 & (0 - carry));
    }

    /// On by any number of blocks: 64 at a time, about a nanosecond each.
    void skip(std::uint64_t blocks) noexcept {
        for (; blocks >= 64; blocks -= 64) {
            // The upper half is carried over as a whole, and x^128 = x^7 + x^2 + x + 1.
            const std::uint64_t over = high;
            high = low ^ over >> 63 ^ over >> 62 ^ over >> 57;
            low = over ^ over << 1 ^ over << 2 ^ over << 7;
        }
        for (; blocks != 0; --blocks)
            step();
    }

  private:
    static std::uint64_t load_half(const std::uint8_t *from) noexcept {
        std::uint64_t value = 0;
        std::memcpy(&value, from, sizeof value);
        return le64toh(value);
    }
    static void store_half(std::uint8_t *to, std::uint64_t value) noexcept {
        value = htole64(value);
        std::memcpy(to, &value, sizeof value);
    }
};

} // namespace kcapi::local
