// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <kcapi/bytes.hpp>
#include <kcapi/result.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <string_view>
#include <vector>

namespace kcapi::test {

using octets = std::vector<std::uint8_t>;

/// Calls of operator new in this program since it began.
[[nodiscard]] std::size_t allocations_so_far() noexcept;

/// Bytes that count up from `first`.
[[nodiscard]] inline octets counting(std::size_t size, std::uint8_t first = 0) {
    octets all(size);
    for (std::size_t i = 0; i < size; ++i)
        all[i] = static_cast<std::uint8_t>(first + i);
    return all;
}

[[nodiscard]] inline octets from_hex(std::string_view hex) {
    octets all;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
        all.push_back(static_cast<std::uint8_t>(digit(hex[i]) * 16 + digit(hex[i + 1])));
    }
    return all;
}

/// The errno value of a result, 0 for success.
template <class T>
[[nodiscard]] int code_of(const result<T> &r) noexcept {
    return r ? 0 : r.error().code;
}

} // namespace kcapi::test
