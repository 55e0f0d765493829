// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include "console.hpp"

#include <getopt.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kcapi::tools {

namespace {

constexpr std::size_t columns = 80;
constexpr std::size_t text_column = 27;

bool is_heading(const option_row &row) noexcept { return row.id == 0; }
bool has_letter(const option_row &row) noexcept { return row.id > 0 && row.id < 256; }
bool optional_value(const option_row &row) noexcept {
    return row.value_name != nullptr && row.value_name[0] == '[';
}

int argument_kind(const option_row &row) noexcept {
    return row.value_name == nullptr ? no_argument
           : optional_value(row)     ? optional_argument
                                     : required_argument;
}

std::string short_options(std::span<const option_row> rows, operands place) {
    std::string s = place == operands::end_the_options ? "+:" : ":";
    for (const option_row &row : rows)
        if (has_letter(row)) {
            s += static_cast<char>(row.id);
            s.append(static_cast<std::size_t>(argument_kind(row)), ':');
        }
    return s;
}

std::vector<::option> long_options(std::span<const option_row> rows) {
    std::vector<::option> all;
    for (const option_row &row : rows)
        if (row.long_name != nullptr)
            all.push_back({row.long_name, argument_kind(row), nullptr, row.id});
    all.push_back({nullptr, 0, nullptr, 0});
    return all;
}

std::string name_column(const option_row &row) {
    std::string s = "  ";
    if (has_letter(row)) {
        s.append("-").append(1, static_cast<char>(row.id));
        s += row.long_name != nullptr ? ", " : "";
    } else {
        s += "    ";
    }
    if (row.long_name != nullptr)
        s.append("--").append(row.long_name);
    if (row.value_name == nullptr)
        return s;
    if (optional_value(row))
        return s + "[=" + (row.value_name + 1);
    return s + (row.long_name != nullptr ? "=" : " ") + row.value_name;
}

/// Appends `text` word by word from `column` on; further lines begin at `indent`.
void append_wrapped(std::string &to, std::size_t column, std::size_t indent, std::string_view text) {
    bool first = true;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (!first && column + 1 + word.size() > columns - 1) {
            to.append("\n").append(indent, ' ');
            column = indent;
            first = true;
        }
        if (!first)
            to += ' ';
        to += word;
        column += word.size() + (first ? 0 : 1);
        first = false;
    }
    to += '\n';
}

} // namespace

bool command_line::has(int id) const noexcept {
    return std::any_of(options.begin(), options.end(), [&](const given_option &o) { return o.id == id; });
}

char *command_line::last(int id) const noexcept {
    const auto o = std::find_if(options.rbegin(), options.rend(),
                                [&](const given_option &given) { return given.id == id; });
    return o == options.rend() ? nullptr : o->value;
}

command_line parse_options(int argc, char **argv, std::span<const option_row> rows, operands place) {
    const std::string letters = short_options(rows, place);
    const std::vector<::option> names = long_options(rows);
    command_line line;
    opterr = 0;
    optind = 0; // also forgets what an earlier parse left
    for (;;) {
        const int before = optind == 0 ? 1 : optind;
        const int id = getopt_long(argc, argv, letters.c_str(), names.data(), nullptr);
        if (id == -1)
            break;
        // Of a bundle of letters optopt has the one at fault; of a long option the word is at hand.
        const auto word = [&] {
            if (optopt > 0 && optopt < 256 && std::isgraph(optopt) != 0)
                return std::string("-") + static_cast<char>(optopt);
            return std::string(argv[std::max(before, optind - 1)]);
        };
        if (id == ':')
            fail_usage("option " + word() + " needs a value");
        if (id == '?')
            fail_usage("option " + word() + " is unknown, ambiguous or has a value that it does not take");
        line.options.push_back({id, optarg});
    }
    line.operands.assign(argv + optind, argv + argc);
    return line;
}

std::string help_text(std::string_view usage, std::span<const option_row> rows) {
    std::string s(usage);
    for (const option_row &row : rows) {
        if (is_heading(row)) {
            s.append("\n").append(row.text).append(":\n");
            continue;
        }
        std::string line = name_column(row);
        if (line.size() + 2 > text_column)
            line.append("\n").append(text_column, ' ');
        else
            line.append(text_column - line.size(), ' ');
        append_wrapped(line, text_column, text_column, row.text);
        s += line;
    }
    return s;
}

std::uint32_t number_as_original(std::string_view option, const char *text) {
    char *end = nullptr;
    errno = 0;
    const unsigned long value = std::strtoul(text, &end, 10);
    if (value == UINT32_MAX || errno == ERANGE)
        fail_usage("the number of " + std::string(option) + " is too large");
    if (end == text || *end != '\0')
        say(level::warning, std::string(option) + ": '" + text + "' is not a number; " +
                                std::to_string(static_cast<std::uint32_t>(value)) + " is used");
    return static_cast<std::uint32_t>(value);
}

std::optional<std::uint64_t> whole_number(const char *text) noexcept {
    if (*text == '\0' || std::strspn(text, "0123456789") != std::strlen(text))
        return std::nullopt;
    errno = 0;
    const unsigned long long value = std::strtoull(text, nullptr, 10);
    if (errno != 0)
        return std::nullopt;
    return value;
}

} // namespace kcapi::tools
