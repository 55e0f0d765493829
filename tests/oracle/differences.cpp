// SPDX-License-Identifier: BSD-3-Clause
// Reads differences.toml: of TOML, just tables [[difference]] of strings in double quotes and lists of whole
// numbers.
#include "oracle/compare.hpp"
#include "oracle/script_lines.hpp"

#include <charconv>
#include <fstream>
#include <sstream>

namespace kcapi::oracle {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string *text_field(difference &d, std::string_view key) noexcept {
    if (key == "side")
        return &d.side;
    if (key == "script")
        return &d.script;
    if (key == "follows")
        return &d.follows;
    if (key == "result")
        return &d.result;
    return key == "reason" ? &d.reason : nullptr;
}

const char *set_lines(difference &d, std::string_view value) {
    if (value.size() < 3 || value.front() != '[' || value.back() != ']')
        return "not a list of numbers on one line";
    for (std::string_view part : split(value.substr(1, value.size() - 2), ',')) {
        part = trimmed(part);
        std::size_t line = 0;
        const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), line);
        if (failure != std::errc() || end != part.data() + part.size() || line == 0)
            return "not a list of numbers on one line";
        d.lines.push_back(line);
    }
    return nullptr;
}

/// What is wrong with a line "key = value", or nothing.
const char *set_field(difference &d, std::string_view row) {
    const std::size_t sign = row.find('=');
    if (sign == std::string_view::npos)
        return "neither a table nor a key";
    const std::string_view key = trimmed(row.substr(0, sign));
    const std::string_view value = trimmed(row.substr(sign + 1));
    if (key == "lines")
        return set_lines(d, value);
    std::string *const field = text_field(d, key);
    if (field == nullptr)
        return "unknown key";
    if (value.size() < 2 || value.front() != '"' || value.find('"', 1) != value.size() - 1)
        return "not a string in double quotes";
    if (!field->empty())
        return "the key is there twice";
    *field = value.substr(1, value.size() - 2);
    return nullptr;
}

const char *what_is_missing(const difference &d) noexcept {
    if (d.side.empty() || d.script.empty() || d.lines.empty() || d.reason.empty())
        return "side, script, lines and reason are needed";
    if (d.side == "local" && d.follows.empty() == d.result.empty())
        return "the local engine either follows a kernel or has a result of its own";
    if (d.side != "local" && !(d.follows.empty() && d.result.empty()))
        return "what a kernel gives stands in its recording";
    return nullptr;
}

} // namespace

difference_list parse_differences(std::string_view text, const std::string &file) {
    difference_list out;
    std::size_t number = 0;
    const auto fail = [&](std::size_t at, const char *reason) {
        return difference_list{{}, file + ':' + std::to_string(at) + ": " + reason};
    };
    for (std::string_view row : split(text, '\n')) {
        ++number;
        row = trimmed(row);
        if (row.empty() || row.front() == '#')
            continue;
        if (row == "[[difference]]") {
            out.value.emplace_back().at = number;
            continue;
        }
        if (out.value.empty())
            return fail(number, "a key stands before the first [[difference]]");
        if (const char *reason = set_field(out.value.back(), row))
            return fail(number, reason);
    }
    for (const difference &d : out.value)
        if (const char *reason = what_is_missing(d))
            return fail(d.at, reason);
    return out;
}

difference_list load_differences(const std::string &file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in)
        return {{}, file + ":1: cannot be read"};
    return parse_differences(text.str(), file);
}

} // namespace kcapi::oracle
