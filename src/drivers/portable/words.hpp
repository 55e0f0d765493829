// SPDX-License-Identifier: BSD-3-Clause
//
// Numbers as bytes, in either order.
#pragma once

#include <endian.h>

#include <cstdint>
#include <cstring>

namespace kcapi::portable {

template <class Word>
[[nodiscard]] inline Word load_le(const std::uint8_t *from) noexcept {
    Word value = 0;
    std::memcpy(&value, from, sizeof value);
    if constexpr (sizeof value == 8)
        return le64toh(value);
    else
        return le32toh(value);
}

template <class Word>
[[nodiscard]] inline Word load_be(const std::uint8_t *from) noexcept {
    Word value = 0;
    std::memcpy(&value, from, sizeof value);
    if constexpr (sizeof value == 8)
        return be64toh(value);
    else
        return be32toh(value);
}

inline void store_le(std::uint32_t value, std::uint8_t *to) noexcept {
    value = htole32(value);
    std::memcpy(to, &value, sizeof value);
}
inline void store_le(std::uint64_t value, std::uint8_t *to) noexcept {
    value = htole64(value);
    std::memcpy(to, &value, sizeof value);
}
inline void store_be(std::uint32_t value, std::uint8_t *to) noexcept {
    value = htobe32(value);
    std::memcpy(to, &value, sizeof value);
}
inline void store_be(std::uint64_t value, std::uint8_t *to) noexcept {
    value = htobe64(value);
    std::memcpy(to, &value, sizeof value);
}

} // namespace kcapi::portable
