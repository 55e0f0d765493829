// SPDX-License-Identifier: BSD-3-Clause
//
// The key of authenc and its kin, as the kernel takes it: a header of 4 bytes (u16 length = 8, u16 type = 1,
// as the machine stores them), the length of the cipher's key as 32 bits, big-endian, the hash's key, the
// cipher's key.
#pragma once

#include "base/bytes.hpp"

namespace kcapi::local {

inline constexpr std::size_t blob_header_size = 8;

struct blob_keys {
    base::bytes hash;
    base::bytes cipher;
};

/// False for what is no blob.
[[nodiscard]] inline bool take_apart(base::bytes blob, blob_keys &keys) noexcept {
    constexpr std::uint16_t header[2] = {blob_header_size, 1};
    if (blob.size() < blob_header_size || std::memcmp(blob.data(), header, sizeof header) != 0)
        return false;
    std::size_t cipher_size = 0;
    for (const std::uint8_t b : blob.subspan(4, 4))
        cipher_size = cipher_size << 8 | b;
    const base::bytes rest = blob.subspan(blob_header_size);
    if (cipher_size > rest.size())
        return false;
    keys = {rest.first(rest.size() - cipher_size), rest.last(cipher_size)};
    return true;
}

} // namespace kcapi::local
