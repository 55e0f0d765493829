// SPDX-License-Identifier: BSD-3-Clause
#include "hex.hpp"

#include "console.hpp"

#include <cerrno>

namespace kcapi::tools {

namespace {

constexpr int no_digit = -1;

int digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return no_digit;
}

} // namespace

std::string to_hex(bytes data) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string s;
    s.reserve(data.size() * 2);
    for (const std::uint8_t b : data) {
        s += digits[b >> 4];
        s += digits[b & 15];
    }
    return s;
}

std::vector<std::uint8_t> hex_option(std::string_view option, std::string_view text) {
    if (text.empty())
        fail(EINVAL, std::string(option) + " is empty", "Give hexadecimal digits, two for each byte.");
    bool wrong = false;
    const auto value = [&](char c) {
        const int d = digit(c);
        wrong = wrong || d == no_digit;
        return static_cast<std::uint8_t>(d == no_digit ? 0 : d);
    };
    std::vector<std::uint8_t> data;
    std::size_t at = 0;
    if (text.size() % 2 != 0) {
        say(level::warning, std::string(option) + " has an odd number of digits; the first is a byte");
        data.push_back(value(text[at++]));
    }
    for (; at < text.size(); at += 2)
        data.push_back(static_cast<std::uint8_t>(value(text[at]) << 4 | value(text[at + 1])));
    if (wrong)
        say(level::warning, std::string(option) + " has characters that are no digits; they count as 0");
    return data;
}

std::optional<std::vector<std::uint8_t>> strict_hex(std::string_view text) {
    if (text.size() % 2 != 0)
        return std::nullopt;
    std::vector<std::uint8_t> data;
    data.reserve(text.size() / 2);
    for (std::size_t at = 0; at < text.size(); at += 2) {
        const int high = digit(text[at]);
        const int low = digit(text[at + 1]);
        if (high == no_digit || low == no_digit)
            return std::nullopt;
        data.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return data;
}

} // namespace kcapi::tools
