// SPDX-License-Identifier: BSD-3-Clause
//
// Views of the caller's bytes, as every function of the C++ API takes them. Nothing here owns memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kcapi {

using bytes = std::span<const std::uint8_t>;
using mutable_bytes = std::span<std::uint8_t>;

/// The bytes of a text, such as a password. Asked for by name, so that no text becomes a key by accident.
[[nodiscard]] inline bytes bytes_of(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t *>(text.data()), text.size()};
}

/// The bytes of a std::byte view.
[[nodiscard]] inline bytes bytes_of(std::span<const std::byte> data) noexcept {
    return {reinterpret_cast<const std::uint8_t *>(data.data()), data.size()};
}
[[nodiscard]] inline mutable_bytes writable_bytes_of(std::span<std::byte> data) noexcept {
    return {reinterpret_cast<std::uint8_t *>(data.data()), data.size()};
}

/// Compares in time that depends on the lengths only. False if they differ.
[[nodiscard]] inline bool equal_in_constant_time(bytes a, bytes b) noexcept {
    if (a.size() != b.size())
        return false;
    // Volatile, or the compiler may stop at the first difference.
    volatile std::uint8_t difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
    return difference == 0;
}

} // namespace kcapi
