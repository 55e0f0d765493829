// SPDX-License-Identifier: BSD-3-Clause
//
// The one type for bytes that must not outlive their use: keys, queued plaintext, chained IVs.
// It is wiped when destroyed, moved from, shrunk or grown; copying is visible (clone), comparing is ct_equal.
#pragma once

#include "base/bytes.hpp"

#include <kcapi/result.hpp>

#include <memory>

namespace kcapi::base {

/// Overwrites `n` bytes with zeros in a way the optimiser keeps.
void wipe(void *p, std::size_t n) noexcept;
inline void wipe(mutable_bytes b) noexcept { wipe(b.data(), b.size()); }

/// Compares in time that depends on the length only. False if the lengths differ.
[[nodiscard]] bool ct_equal(bytes a, bytes b) noexcept;

class secret_buffer {
  public:
    secret_buffer() noexcept = default;
    ~secret_buffer() { clear(); }
    secret_buffer(secret_buffer &&other) noexcept;
    secret_buffer &operator=(secret_buffer &&other) noexcept;
    secret_buffer(const secret_buffer &) = delete;
    secret_buffer &operator=(const secret_buffer &) = delete;
    friend bool operator==(const secret_buffer &, const secret_buffer &) = delete;

    /// A buffer of `size` zero bytes; ENOMEM. From 16 KiB on it owns whole pages, kept out of core dumps.
    [[nodiscard]] static result<secret_buffer> make(std::size_t size) noexcept;
    [[nodiscard]] static result<secret_buffer> copy_of(bytes from) noexcept;
    [[nodiscard]] result<secret_buffer> clone() const noexcept { return copy_of(view()); }

    [[nodiscard]] std::uint8_t *data() noexcept { return data_; }
    [[nodiscard]] const std::uint8_t *data() const noexcept { return data_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bytes view() const noexcept { return {data_, size_}; }
    [[nodiscard]] mutable_bytes span() noexcept { return {data_, size_}; }
    void clear() noexcept;

  private:
    std::uint8_t *data_ = nullptr;
    std::size_t size_ = 0;
    bool pages_ = false;
};

} // namespace kcapi::base
