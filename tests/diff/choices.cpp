// SPDX-License-Identifier: BSD-3-Clause
#include "diff/choices.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace kcapi::diff {

namespace {

using oracle::pattern;

constexpr std::array<std::size_t, 28> short_lengths{0,   1,   7,   8,   9,   15,  16,  17, 23, 24,
                                                    31,  32,  33,  40,  47,  48,  49,  63, 64, 65,
                                                    111, 112, 127, 128, 129, 255, 256, 257};
constexpr std::array<std::size_t, 14> long_lengths{511,  512,  1023, 1024, 1025, 2047, 2048,
                                                   4080, 4095, 4096, 4097, 8176, 8191, 8192};
constexpr std::array<std::size_t, 6> fillings{0, 0, 0, 0xff, 0xff, 0x80};
/// Different texts that a case may draw; few enough that a script stays readable.
constexpr std::size_t texts = 1000000;

pattern literal(const std::vector<std::uint8_t> &bytes) {
    return pattern::parse(oracle::to_hex(bytes.data(), bytes.size())).value_or(pattern());
}

} // namespace

std::size_t choices::length(std::size_t block) {
    const std::size_t kind = below(20);
    const std::size_t n = kind < 8    ? any_of(short_lengths)
                          : kind < 14 ? below(300)
                          : kind < 17 ? any_of(long_lengths)
                                      : below(longest_text + 1);
    return block > 1 && !one_in(8) ? n / block * block : n;
}

pattern choices::bytes(std::size_t size) {
    if (one_in(12))
        return {pattern::source::fill, any_of(fillings), size};
    return {pattern::source::random, below(texts), size};
}

pattern choices::iv(std::size_t size) {
    if (size == 0 || one_in(2))
        return bytes(size);
    std::vector<std::uint8_t> value = bytes(size).bytes();
    // Big-endian or little-endian, as far as some width, and a little below the wrap or not.
    const std::size_t width = std::min<std::size_t>(size, 1 + below(16));
    const bool from_front = one_in(3);
    for (std::size_t i = 0; i < width; ++i)
        value[from_front ? i : size - 1 - i] = 0xff;
    if (one_in(2))
        value[from_front ? 0 : size - 1] = static_cast<std::uint8_t>(0xff - below(9));
    return literal(value);
}

std::vector<std::size_t> choices::parts_of(std::size_t total) {
    const std::size_t parts = one_in(3) ? 2 + below(4) : 1;
    std::vector<std::size_t> cuts{0, total};
    for (std::size_t i = 1; i < parts; ++i)
        cuts.push_back(below(total + 1));
    std::sort(cuts.begin(), cuts.end());
    std::adjacent_difference(cuts.begin(), cuts.end(), cuts.begin());
    return {cuts.begin() + 1, cuts.end()};
}

std::vector<oracle::room> choices::rooms(std::size_t total) {
    std::vector<oracle::room> out;
    for (const std::size_t part : parts_of(total))
        out.push_back({part, false});
    return out;
}

std::vector<std::size_t> sizes_of(const test::name_record &r, const std::string &property) {
    std::vector<std::size_t> out;
    const auto found = r.properties.find(property);
    if (found == r.properties.end() || found->second == "none")
        return out;
    const char *at = found->second.data();
    const char *const end = at + found->second.size();
    while (at < end) {
        std::size_t first = 0;
        at = std::from_chars(at, end, first).ptr;
        std::size_t last = first;
        if (at < end && *at == '-') {
            at += at + 1 < end && at[1] == '*' ? 2 : 1;
            at = std::from_chars(at, end, last).ptr;
        }
        for (std::size_t n = first; n <= last; ++n)
            out.push_back(n);
        at += at < end;
    }
    return out;
}

std::size_t number_of(const test::name_record &r, const std::string &property) {
    const std::vector<std::size_t> all = sizes_of(r, property);
    return all.empty() ? 0 : all.front();
}

} // namespace kcapi::diff
