// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/pattern.hpp"

#include <endian.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace kcapi::oracle {

namespace {

constexpr unsigned no_digit = 16;

unsigned hex_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    return c >= 'a' && c <= 'f' ? static_cast<unsigned>(c - 'a') + 10 : no_digit;
}

bool is_hex(std::string_view text) noexcept {
    for (const char c : text)
        if (hex_value(c) == no_digit)
            return false;
    return text.size() % 2 == 0 && !text.empty();
}

/// SplitMix64: the step of the counter, and what makes a number of it.
constexpr std::uint64_t counter_step = 0x9e3779b97f4a7c15;
std::uint64_t mixed(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

std::uint8_t byte_of(std::string_view two_digits) noexcept {
    return static_cast<std::uint8_t>(hex_value(two_digits[0]) * 16 + hex_value(two_digits[1]));
}

std::vector<std::uint8_t> literal_bytes(std::string_view digits) {
    std::vector<std::uint8_t> out(digits.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = byte_of(digits.substr(2 * i, 2));
    return out;
}

std::vector<std::uint8_t> random_bytes(std::size_t which, std::size_t length) {
    std::vector<std::uint8_t> out(length);
    std::uint64_t counter = mixed(which);
    for (std::size_t i = 0; i < length; i += 8) {
        counter += counter_step;
        const std::uint64_t value = htole64(mixed(counter));
        std::memcpy(out.data() + i, &value, std::min<std::size_t>(8, length - i));
    }
    return out;
}

std::optional<pattern::source> computed_source(std::string_view name) noexcept {
    if (name == "K")
        return pattern::source::key;
    if (name == "I")
        return pattern::source::iv;
    if (name == "M")
        return pattern::source::message;
    if (name == "R")
        return pattern::source::random;
    return std::nullopt;
}

} // namespace

std::optional<std::size_t> parse_size(std::string_view text) {
    long sum = 0;
    long sign = 1;
    for (;;) {
        std::size_t value = 0;
        const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (failure != std::errc() || value > max_length)
            return std::nullopt;
        sum += sign * static_cast<long>(value);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (text.empty())
            break;
        if (text.front() != '+' && text.front() != '-')
            return std::nullopt;
        sign = text.front() == '+' ? 1 : -1;
        text.remove_prefix(1);
    }
    if (sum < 0 || sum > static_cast<long>(max_length))
        return std::nullopt;
    return static_cast<std::size_t>(sum);
}

std::string to_hex(const std::uint8_t *data, std::size_t size) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * size);
    for (std::size_t i = 0; i < size; ++i) {
        out += digits[data[i] >> 4];
        out += digits[data[i] & 15];
    }
    return out;
}

std::optional<pattern> pattern::parse(std::string_view text) {
    if (text == "none")
        return pattern();
    const std::size_t first = text.find(':');
    if (first == std::string_view::npos) {
        if (!is_hex(text))
            return std::nullopt;
        pattern literal(source::literal, 0, text.size() / 2);
        literal.digits_ = text;
        return literal;
    }
    const std::string_view name = text.substr(0, first);
    if (name == "null") {
        const std::optional<std::size_t> length = parse_size(text.substr(first + 1));
        return length ? std::optional(pattern(source::null, 0, *length)) : std::nullopt;
    }
    const std::size_t second = text.find(':', first + 1);
    if (second == std::string_view::npos)
        return std::nullopt;
    const std::string_view middle = text.substr(first + 1, second - first - 1);
    const std::optional<std::size_t> length = parse_size(text.substr(second + 1));
    if (!length)
        return std::nullopt;
    if (name == "fill") {
        if (middle.size() != 2 || !is_hex(middle))
            return std::nullopt;
        return pattern(source::fill, byte_of(middle), *length);
    }
    const std::optional<source> from = computed_source(name);
    const std::optional<std::size_t> offset = parse_size(middle);
    if (!from || !offset)
        return std::nullopt;
    return pattern(*from, *offset, *length);
}

std::string pattern::text() const {
    const std::string tail = ":" + std::to_string(length_);
    switch (from_) {
    case source::key:
        return "K:" + std::to_string(offset_) + tail;
    case source::iv:
        return "I:" + std::to_string(offset_) + tail;
    case source::message:
        return "M:" + std::to_string(offset_) + tail;
    case source::random:
        return "R:" + std::to_string(offset_) + tail;
    case source::fill: {
        const auto value = static_cast<std::uint8_t>(offset_);
        return "fill:" + to_hex(&value, 1) + tail;
    }
    case source::null:
        return "null" + tail;
    case source::literal:
        break;
    }
    return digits_.empty() ? "none" : digits_;
}

std::vector<std::uint8_t> pattern::bytes() const {
    if (from_ == source::random)
        return random_bytes(offset_, length_);
    if (from_ == source::literal)
        return literal_bytes(digits_);
    std::vector<std::uint8_t> out(length_);
    for (std::size_t n = 0; n < length_; ++n) {
        const std::size_t i = offset_ + n;
        std::size_t value = 0;
        switch (from_) {
        case source::key:
            value = 7 * i + 1;
            break;
        case source::iv:
            value = 0xa0 + i;
            break;
        case source::message:
            value = 31 * i + i / 256;
            break;
        case source::fill:
            value = offset_;
            break;
        case source::null:
        case source::random:
        case source::literal:
            break;
        }
        out[n] = static_cast<std::uint8_t>(value);
    }
    return out;
}

} // namespace kcapi::oracle
