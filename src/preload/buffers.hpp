// SPDX-License-Identifier: BSD-3-Clause
//
// A call's buffers: the program's list, copied, bounded as the kernel bounds it, and checked to be memory.
// From the first byte on that is none, the list goes on as an element at address null, where the engine stops
// with EFAULT in its own good order.
#pragma once

#include "base/bytes.hpp"

#include <array>
#include <cstddef>

namespace kcapi::preload {

enum class access : std::uint8_t { read, write };

class buffers {
  public:
    /// One buffer.
    buffers(void *p, std::size_t size, access how, std::size_t most = max_bytes) noexcept;
    buffers(const void *p, std::size_t size, access how) noexcept
        : buffers(const_cast<void *>(p), size, how) {}
    /// A list. Only the first `most` bytes are looked at and handed on: no call needs more.
    buffers(const iovec *list, std::size_t count, access how, std::size_t most = max_bytes) noexcept;
    ~buffers();
    buffers(const buffers &) = delete;
    buffers &operator=(const buffers &) = delete;

    /// 0, or EFAULT, EINVAL, ENOMEM: the list itself is no good.
    [[nodiscard]] int error() const noexcept { return error_; }
    [[nodiscard]] base::iov_list list() const noexcept { return {entries_, count_}; }
    /// Of the whole list.
    [[nodiscard]] std::size_t length() const noexcept { return length_; }

    /// UIO_MAXIOV and MAX_RW_COUNT.
    static constexpr std::size_t max_count = 1024;
    static constexpr std::size_t max_bytes = 0x7ffff000;

  private:
    /// Appends an element unless the list is complete; false: it is now.
    [[nodiscard]] bool add(void *p, std::size_t size, access how, std::size_t most) noexcept;

    std::array<iovec, 10> few_;
    iovec *entries_ = few_.data();
    std::size_t count_ = 0;
    std::size_t length_ = 0;
    std::size_t handed_on_ = 0;
    int error_ = 0;
};

} // namespace kcapi::preload
