// SPDX-License-Identifier: BSD-3-Clause
//
// Keys as intel-ipsec-mb expands them: once, for all contexts and threads, and wiped.
#pragma once

#include "base/secret.hpp"

#include <cstddef>
#include <cstdint>

namespace kcapi::ipsecmb {

/// An object of the library's that holds a key's secrets.
template <class T>
struct secret_object {
    secret_object() noexcept = default;
    ~secret_object() { base::wipe(&value, sizeof value); }
    secret_object(const secret_object &) = delete;
    secret_object &operator=(const secret_object &) = delete;

    T value{};
};

/// 0, 1, 2 for AES keys of 16, 24, 32 bytes; 3 for others.
[[nodiscard]] constexpr std::size_t aes_index(std::size_t key_size) noexcept {
    return key_size == 16 ? 0 : key_size == 24 ? 1 : key_size == 32 ? 2 : 3;
}

} // namespace kcapi::ipsecmb
