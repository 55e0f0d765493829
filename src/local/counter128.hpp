// SPDX-License-Identifier: BSD-3-Clause
//
// The counter of CTR with blocks of 16 bytes: the whole IV, big-endian, modulo 2^128 (NIST SP 800-38A,
// section 6.5 and appendix B.1).
#pragma once

#include "local/driver.hpp"

#include <endian.h>

#include <cstring>

namespace kcapi::local {

struct counter128 {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    static counter128 load(const std::uint8_t *from) noexcept {
        return {load_half(from), load_half(from + 8)};
    }
    void store(std::uint8_t *to) const noexcept {
        store_half(to, high);
        store_half(to + 8, low);
    }
    void add(std::uint64_t n) noexcept {
        low += n;
        if (low < n)
            ++high;
    }
    /// Past a message of `length` bytes: what is left of the keystream of a short last block is dropped.
    void pass(std::size_t length) noexcept { add(length / 16 + (length % 16 != 0 ? 1 : 0)); }
    /// What the next pass without an IV starts from.
    void leave_in(chain &c) const noexcept {
        store(c.iv.data());
        c.blocks = 0;
    }

    friend bool operator==(const counter128 &, const counter128 &) = default;

  private:
    static std::uint64_t load_half(const std::uint8_t *from) noexcept {
        std::uint64_t value = 0;
        std::memcpy(&value, from, sizeof value);
        return be64toh(value);
    }
    static void store_half(std::uint8_t *to, std::uint64_t value) noexcept {
        value = htobe64(value);
        std::memcpy(to, &value, sizeof value);
    }
};

} // namespace kcapi::local
