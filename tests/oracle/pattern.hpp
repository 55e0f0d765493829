// SPDX-License-Identifier: BSD-3-Clause
//
// Byte strings that a script names instead of spelling them out. Three of them are computed from the index i:
//   K  (7i + 1) mod 256                the keys
//   I  (0xa0 + i) mod 256              the IVs
//   M  (31i + floor(i / 256)) mod 256  the messages
// and R:n:length is what looks random, another text for every n.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::oracle {

/// Bytes as text: `K:offset:length` (also I, M and R), `fill:HH:length`, an even number of hexadecimal
/// digits, or `none`. `null:length` is none at all: the address given is null.
class pattern {
  public:
    enum class source : std::uint8_t { literal, key, iv, message, random, fill, null };

    pattern() = default;
    pattern(source from, std::size_t offset, std::size_t length) noexcept
        : from_(from), offset_(offset), length_(length) {}

    /// Nothing if the text is none of the forms. Numbers may be sums such as 100-17.
    [[nodiscard]] static std::optional<pattern> parse(std::string_view text);

    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::vector<std::uint8_t> bytes() const;
    [[nodiscard]] std::size_t size() const noexcept { return length_; }
    [[nodiscard]] bool is_null() const noexcept { return from_ == source::null; }

  private:
    source from_ = source::literal;
    std::size_t offset_ = 0; ///< fill: the byte; random: which one
    std::size_t length_ = 0;
    std::string digits_; ///< literal
};

/// The longest byte string or buffer that a script may ask for.
inline constexpr std::size_t max_length = std::size_t{1} << 23;

/// A decimal number, or a sum of such with + and -; nothing if it is negative or exceeds max_length.
[[nodiscard]] std::optional<std::size_t> parse_size(std::string_view text);

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string to_hex(const std::uint8_t *data, std::size_t size);

} // namespace kcapi::oracle
