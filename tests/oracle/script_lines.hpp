// SPDX-License-Identifier: BSD-3-Clause
//
// The outer form of a script: words on lines, comments, quotes, and loops, which are unrolled here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::oracle {

/// A line after unrolling, with the number it has in the file. It has at least one word.
struct line {
    std::size_t number = 0;
    std::vector<std::string> words;
};

struct line_list {
    std::vector<line> lines;
    std::string error; ///< "file:line: reason"; empty if all is well
};

[[nodiscard]] line_list unroll(std::string_view text, const std::string &file);

/// Letters, digits and the underscore.
[[nodiscard]] bool is_identifier(std::string_view text) noexcept;

/// The parts of a text between separators; one more than there are separators.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

} // namespace kcapi::oracle
