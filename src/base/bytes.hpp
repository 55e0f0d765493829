// SPDX-License-Identifier: BSD-3-Clause
//
// Byte spans, scatter-gather lists and checked size arithmetic. Views only: nothing here owns memory.
#pragma once

#include <sys/uio.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace kcapi::base {

using bytes = std::span<const std::uint8_t>;
using mutable_bytes = std::span<std::uint8_t>;
/// A scatter-gather list as the C API and the system calls have it. The buffers are the caller's.
using iov_list = std::span<const iovec>;

/// Sum of the lengths, or nothing if it exceeds what a ssize_t can tell.
[[nodiscard]] inline std::optional<std::size_t> total_length(iov_list list) noexcept {
    std::size_t sum = 0;
    for (const iovec &v : list) {
        if (v.iov_len > static_cast<std::size_t>(PTRDIFF_MAX) - sum)
            return std::nullopt;
        sum += v.iov_len;
    }
    return sum;
}

[[nodiscard]] inline iovec to_iovec(mutable_bytes b) noexcept { return {b.data(), b.size()}; }
/// An iovec has no const form; whoever gets this one for input only reads it.
[[nodiscard]] inline iovec to_iovec(bytes b) noexcept {
    return {const_cast<std::uint8_t *>(b.data()), b.size()};
}

/// Walks through a scatter-gather list. Empty elements are passed over.
class iov_cursor {
  public:
    explicit iov_cursor(iov_list list) noexcept : list_(list) { skip_empty(); }

    [[nodiscard]] bool at_end() const noexcept { return list_.empty(); }
    /// The rest of the current element; empty only at the end.
    [[nodiscard]] mutable_bytes current() const noexcept {
        if (list_.empty())
            return {};
        return {static_cast<std::uint8_t *>(list_.front().iov_base) + offset_,
                list_.front().iov_len - offset_};
    }
    /// Moves on by `n` bytes, at most to the end of the current element.
    void advance(std::size_t n) noexcept {
        offset_ += n;
        skip_empty();
    }
    /// Copies up to from.size() bytes into the list; returns how many found room.
    std::size_t put(bytes from) noexcept {
        std::size_t done = 0;
        while (done < from.size() && !at_end()) {
            const mutable_bytes to = current();
            const std::size_t n = std::min(to.size(), from.size() - done);
            std::memcpy(to.data(), from.data() + done, n);
            advance(n);
            done += n;
        }
        return done;
    }
    /// Copies up to to.size() bytes out of the list; returns how many there were.
    std::size_t take(mutable_bytes to) noexcept {
        std::size_t done = 0;
        while (done < to.size() && !at_end()) {
            const mutable_bytes from = current();
            const std::size_t n = std::min(from.size(), to.size() - done);
            std::memcpy(to.data() + done, from.data(), n);
            advance(n);
            done += n;
        }
        return done;
    }

  private:
    void skip_empty() noexcept {
        while (!list_.empty() && offset_ == list_.front().iov_len) {
            list_ = list_.subspan(1);
            offset_ = 0;
        }
    }

    iov_list list_;
    std::size_t offset_ = 0;
};

} // namespace kcapi::base
