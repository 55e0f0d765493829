// SPDX-License-Identifier: BSD-3-Clause
//
// The little of DER (X.690) that keys and parameters are made of: sequences of non-negative integers. Strict:
// what has more than one form is taken in the shortest one only.
#pragma once

#include "base/bytes.hpp"

#include <optional>

namespace kcapi::openssl {

class der_reader {
  public:
    explicit der_reader(base::bytes input) noexcept : rest_(input) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    /// The contents of the sequence that comes next.
    [[nodiscard]] std::optional<der_reader> sequence() noexcept {
        const std::optional<base::bytes> contents = element(0x30);
        return contents ? std::optional(der_reader(*contents)) : std::nullopt;
    }
    /// The number that comes next, big endian, without leading zeros (0 is empty).
    [[nodiscard]] std::optional<base::bytes> integer() noexcept {
        const std::optional<base::bytes> contents = element(0x02);
        if (!contents || contents->empty() || ((*contents)[0] & 0x80) != 0)
            return std::nullopt;
        if ((*contents)[0] != 0)
            return contents;
        if (contents->size() > 1 && ((*contents)[1] & 0x80) == 0)
            return std::nullopt;
        return contents->subspan(1);
    }

  private:
    [[nodiscard]] std::optional<base::bytes> element(std::uint8_t tag) noexcept {
        if (rest_.size() < 2 || rest_[0] != tag)
            return std::nullopt;
        std::size_t header = 2;
        std::size_t length = rest_[1];
        if (length >= 0x80) {
            const std::size_t digits = length & 0x7f;
            if (digits == 0 || digits > 3 || rest_.size() < header + digits || rest_[header] == 0)
                return std::nullopt;
            length = 0;
            for (std::size_t i = 0; i < digits; ++i)
                length = length << 8 | rest_[header + i];
            header += digits;
            if (length < 0x80)
                return std::nullopt;
        }
        if (rest_.size() - header < length)
            return std::nullopt;
        const base::bytes contents = rest_.subspan(header, length);
        rest_ = rest_.subspan(header + length);
        return contents;
    }

    base::bytes rest_;
};

} // namespace kcapi::openssl
