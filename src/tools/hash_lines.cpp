// SPDX-License-Identifier: BSD-3-Clause
#include "hash_lines.hpp"

#include "hex.hpp"

#include <algorithm>

namespace kcapi::tools {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view without_leading_blanks(std::string_view s) noexcept {
    s.remove_prefix(std::min(s.find_first_not_of(blanks), s.size()));
    return s;
}

std::optional<std::string> unescaped(std::string_view name) {
    std::string plain;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '\\') {
            plain += name[i];
            continue;
        }
        if (++i == name.size())
            return std::nullopt;
        switch (name[i]) {
        case '\\':
            plain += '\\';
            break;
        case 'n':
            plain += '\n';
            break;
        case 'r':
            plain += '\r';
            break;
        default:
            return std::nullopt;
        }
    }
    return plain;
}

bool take_digest(std::string_view hex, std::size_t size, listed_sum &to) {
    std::optional<std::vector<std::uint8_t>> digest = strict_hex(hex);
    if (!digest || digest->size() != size)
        return false;
    to.digest = std::move(*digest);
    return true;
}

bool take_name(std::string_view name, bool escaped, listed_sum &to) {
    if (name.empty() || name.find('\0') != std::string_view::npos)
        return false;
    if (!escaped) {
        to.name = name;
        return true;
    }
    std::optional<std::string> plain = unescaped(name);
    if (!plain)
        return false;
    to.name = std::move(*plain);
    return true;
}

/// "(NAME) = SUM" after the label.
bool parse_tagged(std::string_view rest, bool escaped, std::size_t digest_size, listed_sum &to) {
    if (rest.starts_with(' '))
        rest.remove_prefix(1);
    const std::size_t close = rest.rfind(')');
    if (!rest.starts_with('(') || close == std::string_view::npos)
        return false;
    std::string_view sum = without_leading_blanks(rest.substr(close + 1));
    if (!sum.starts_with('='))
        return false;
    sum = without_leading_blanks(sum.substr(1));
    return take_digest(sum, digest_size, to) && take_name(rest.substr(1, close - 1), escaped, to);
}

bool parse_plain(std::string_view line, bool escaped, std::size_t digest_size, listed_sum &to) {
    const std::size_t end = std::min(line.find_first_of(blanks), line.size());
    if (!take_digest(line.substr(0, end), digest_size, to))
        return false;
    const std::string_view rest = line.substr(end);
    if (without_leading_blanks(rest).empty()) {
        to.name.clear();
        return true;
    }
    return rest.size() > 2 && (rest[1] == ' ' || rest[1] == '*') && take_name(rest.substr(2), escaped, to);
}

} // namespace

std::string escaped_name(std::string_view name, bool &escaped) {
    std::string s;
    for (const char c : name) {
        switch (c) {
        case '\\':
            s += "\\\\";
            break;
        case '\n':
            s += "\\n";
            break;
        case '\r':
            s += "\\r";
            break;
        default:
            s += c;
        }
    }
    escaped = s.size() != name.size();
    return s;
}

std::string sum_line(bytes digest, std::string_view name, const line_style &style) {
    bool escaped = false;
    const std::string shown = style.zero ? std::string(name) : escaped_name(name, escaped);
    std::string line = escaped ? "\\" : "";
    if (style.label.empty())
        line.append(to_hex(digest)).append(style.binary ? " *" : "  ").append(shown);
    else
        line.append(style.label).append(" (").append(shown).append(") = ").append(to_hex(digest));
    line += style.zero ? '\0' : '\n';
    return line;
}

line_kind parse_sum_line(std::string_view line, std::string_view label, std::size_t digest_size,
                         listed_sum &to) {
    line = without_leading_blanks(line);
    if (line.empty() || line.starts_with('#'))
        return line_kind::nothing;
    const bool escaped = line.starts_with('\\');
    if (escaped)
        line.remove_prefix(1);
    const bool tagged = line.starts_with(label) && line.substr(label.size()).find('(') <= 1;
    const bool proper = tagged ? parse_tagged(line.substr(label.size()), escaped, digest_size, to)
                               : parse_plain(line, escaped, digest_size, to);
    return proper ? line_kind::sum : line_kind::improper;
}

std::string_view next_line(std::string_view &text) noexcept {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

} // namespace kcapi::tools
