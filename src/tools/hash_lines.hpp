// SPDX-License-Identifier: BSD-3-Clause
//
// The lines in which sums and names are written, and read again: as coreutils has them.
#pragma once

#include <kcapi/bytes.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::tools {

struct line_style {
    std::string label; ///< for tagged lines; empty: the sum comes first
    bool binary = false;
    bool zero = false; ///< NUL at the end and no escapes
};

/// A whole line with its end. A name with a backslash or a line break is escaped, and the line begins with a
/// backslash then.
[[nodiscard]] std::string sum_line(bytes digest, std::string_view name, const line_style &style);

/// The name with its escapes, for messages of --check; `escaped` says whether there are any.
[[nodiscard]] std::string escaped_name(std::string_view name, bool &escaped);

struct listed_sum {
    std::vector<std::uint8_t> digest;
    std::string name; ///< empty: the line has a sum only
};

enum class line_kind : std::uint8_t { sum, nothing, improper };

/// parse_sum_line understands lines of both styles, with and without escapes; those of openssl dgst too. A
/// tagged line has to have `label`. `line` is without its end. Empty lines and comments are nothing.
[[nodiscard]] line_kind parse_sum_line(std::string_view line, std::string_view label, std::size_t digest_size,
                                       listed_sum &to);

/// The next line of a text, without LF or CR LF; `text` then begins after it.
[[nodiscard]] std::string_view next_line(std::string_view &text) noexcept;

} // namespace kcapi::tools
