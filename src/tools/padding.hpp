// SPDX-License-Identifier: BSD-3-Clause
//
// Padding at the end of a message whose mode works on blocks. The original's kind is that of PKCS#7 (RFC
// 5652, section 6.3) without the block that it adds to a message of whole blocks, so that such a message
// stays as long as it was, and an end that looks like padding is ambiguous.
#pragma once

#include <kcapi/bytes.hpp>

#include <cstddef>
#include <optional>

namespace kcapi::tools {

/// How many bytes to add to a message of `length`.
[[nodiscard]] std::size_t padding_to_add(std::size_t length, std::size_t block, bool pkcs7) noexcept;

/// How many bytes at the end are padding of the original's kind; 0 if they do not look like it.
[[nodiscard]] std::size_t original_padding(bytes end, std::size_t block) noexcept;

/// The same for PKCS#7, where every message has some; none if this is not it. The time taken does not
/// depend on the bytes.
[[nodiscard]] std::optional<std::size_t> pkcs7_padding(bytes end, std::size_t block) noexcept;

} // namespace kcapi::tools
