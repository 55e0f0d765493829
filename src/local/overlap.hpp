// SPDX-License-Identifier: BSD-3-Clause
//
// Where input and output may lie for a driver: in the same place, or apart.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kcapi::local {

/// Whether writing `b` leaves `a` as it is.
[[nodiscard]] inline bool apart(const std::uint8_t *a, std::size_t a_length, const std::uint8_t *b,
                                std::size_t b_length) noexcept {
    return a + a_length <= b || b + b_length <= a;
}

[[nodiscard]] inline bool same_or_apart(const std::uint8_t *in, const std::uint8_t *out,
                                        std::size_t length) noexcept {
    return in == out || apart(in, length, out, length);
}

} // namespace kcapi::local
