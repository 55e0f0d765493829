// SPDX-License-Identifier: BSD-3-Clause
#include "local/nhpoly1305.hpp"

#include "base/secret.hpp"

#include <endian.h>

namespace kcapi::local {

namespace {

std::uint32_t load32(const std::uint8_t *from) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return le32toh(value);
}

} // namespace

nhpoly1305_key::nhpoly1305_key(const std::uint8_t *key) noexcept : poly_(key) {
    for (std::size_t i = 0; i < nh_.size(); ++i)
        nh_[i] = load32(key + poly_key_size + 4 * i);
}

nhpoly1305_key::~nhpoly1305_key() { base::wipe(nh_.data(), sizeof nh_); }

std::array<std::uint64_t, 2> nhpoly1305_key::hash(const std::uint8_t *message,
                                                  std::size_t length) const noexcept {
    poly1305 sum(poly_);
    std::size_t at = 0;
    for (; length - at >= piece_size; at += piece_size)
        add_piece(sum, message + at, piece_size);
    const std::size_t rest = length - at;
    const std::size_t units = rest - rest % unit_size;
    if (rest == units) {
        if (rest != 0)
            add_piece(sum, message + at, rest);
        return sum.value();
    }
    // The last unit is filled up with zeros.
    std::array<std::uint8_t, piece_size> last;
    std::memcpy(last.data(), message + at, rest);
    std::memset(last.data() + rest, 0, units + unit_size - rest);
    add_piece(sum, last.data(), units + unit_size);
    base::wipe(last.data(), units + unit_size);
    return sum.value();
}

/// Pass p multiplies the same words with the key four words further on for each pass before it.
void nhpoly1305_key::add_piece(poly1305 &to, const std::uint8_t *piece, std::size_t length) const noexcept {
    std::array<std::uint64_t, passes> sums{};
    for (std::size_t at = 0; at < length; at += unit_size) {
        const std::uint32_t *const key = nh_.data() + at / 4;
        const std::uint32_t m0 = load32(piece + at);
        const std::uint32_t m1 = load32(piece + at + 4);
        const std::uint32_t m2 = load32(piece + at + 8);
        const std::uint32_t m3 = load32(piece + at + 12);
        for (std::size_t p = 0; p < passes; ++p) {
            sums[p] += std::uint64_t{m0 + key[4 * p]} * (m2 + key[4 * p + 2]);
            sums[p] += std::uint64_t{m1 + key[4 * p + 1]} * (m3 + key[4 * p + 3]);
        }
    }
    std::array<std::uint8_t, 8 * passes> bytes;
    for (std::size_t p = 0; p < passes; ++p) {
        const std::uint64_t sum = htole64(sums[p]);
        std::memcpy(bytes.data() + 8 * p, &sum, sizeof sum);
    }
    to.update(bytes.data(), bytes.size());
    base::wipe(bytes);
    base::wipe(sums.data(), sizeof sums);
}

nhpoly1305::~nhpoly1305() { base::wipe(piece_); }

void nhpoly1305::update(base::bytes data) noexcept {
    while (!data.empty()) {
        const std::size_t n = std::min(piece_.size() - held_, data.size());
        std::copy_n(data.begin(), n, piece_.begin() + static_cast<std::ptrdiff_t>(held_));
        data = data.subspan(n);
        held_ += n;
        if (held_ == piece_.size()) {
            key_.add_piece(sum_, piece_.data(), held_);
            held_ = 0;
        }
    }
}

std::array<std::uint64_t, 2> nhpoly1305::finish() noexcept {
    constexpr std::size_t unit = nhpoly1305_key::unit_size;
    const std::size_t whole = (held_ + unit - 1) / unit * unit;
    std::fill(piece_.begin() + static_cast<std::ptrdiff_t>(held_),
              piece_.begin() + static_cast<std::ptrdiff_t>(whole), std::uint8_t{0});
    if (whole != 0)
        key_.add_piece(sum_, piece_.data(), whole);
    const std::array<std::uint64_t, 2> value = sum_.value();
    restart();
    return value;
}

void nhpoly1305::restart() noexcept {
    base::wipe(piece_);
    sum_.restart();
    held_ = 0;
}

} // namespace kcapi::local
