// SPDX-License-Identifier: BSD-3-Clause
//
// Bytes as hexadecimal digits.
#pragma once

#include <kcapi/bytes.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::tools {

[[nodiscard]] std::string to_hex(bytes data);

/// What `option` is given. As with the original's tools another character counts as 0, and of an odd number
/// of digits the first makes a byte alone; both are said as a warning. Fails with EINVAL if there is nothing.
[[nodiscard]] std::vector<std::uint8_t> hex_option(std::string_view option, std::string_view text);

/// Whole bytes of nothing but digits, or nothing.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> strict_hex(std::string_view text);

} // namespace kcapi::tools
