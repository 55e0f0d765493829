// SPDX-License-Identifier: BSD-3-Clause
//
// What the contenders of a case share: the same key, the same IV, the same buffers.
#pragma once

#include "cases.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace bench {

struct buffer_pair {
    buffer_pair(std::size_t in_size, std::size_t out_size) : in(in_size, std::uint8_t{0x5a}), out(out_size) {}
    std::vector<std::uint8_t> in;
    std::vector<std::uint8_t> out;
};
using buffers = std::shared_ptr<buffer_pair>;

/// Any key will do, but for xts its halves must differ.
[[nodiscard]] inline const std::array<std::uint8_t, 64> &key() noexcept {
    static const std::array<std::uint8_t, 64> bytes = [] {
        std::array<std::uint8_t, 64> b{};
        for (std::size_t i = 0; i < b.size(); ++i)
            b[i] = static_cast<std::uint8_t>(i * 7 + 1);
        return b;
    }();
    return bytes;
}

constexpr std::array<std::uint8_t, assoc_size> assoc{9, 9, 9, 9, 8, 8, 8, 8};
constexpr std::array<std::uint8_t, 16> iv{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

} // namespace bench
