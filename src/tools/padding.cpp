// SPDX-License-Identifier: BSD-3-Clause
#include "padding.hpp"

#include <algorithm>

namespace kcapi::tools {

std::size_t padding_to_add(std::size_t length, std::size_t block, bool pkcs7) noexcept {
    if (block <= 1)
        return 0;
    const std::size_t missing = (block - length % block) % block;
    return missing == 0 && pkcs7 ? block : missing;
}

std::size_t original_padding(bytes end, std::size_t block) noexcept {
    if (block <= 1 || end.size() < block)
        return 0;
    const std::size_t n = end.back();
    if (n >= block)
        return 0;
    const bytes tail = end.last(n);
    return std::all_of(tail.begin(), tail.end(), [&](std::uint8_t b) { return b == n; }) ? n : 0;
}

std::optional<std::size_t> pkcs7_padding(bytes end, std::size_t block) noexcept {
    if (block <= 1)
        return 0;
    if (end.size() < block || end.size() % block != 0)
        return std::nullopt;
    const std::size_t n = end.back();
    unsigned wrong = n == 0 || n > block ? 1U : 0U;
    const bytes tail = end.last(block);
    for (std::size_t i = 0; i < block; ++i)
        wrong |= block - i <= n ? static_cast<unsigned>(tail[i] ^ n) : 0U;
    if (wrong != 0)
        return std::nullopt;
    return n;
}

} // namespace kcapi::tools
