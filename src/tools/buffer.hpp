// SPDX-License-Identifier: BSD-3-Clause
//
// Room to read into. Unlike a vector's it is not filled first, so that what stays empty costs nothing.
#pragma once

#include <kcapi/bytes.hpp>

#include <cstdint>
#include <memory>

namespace kcapi::tools {

class buffer {
  public:
    buffer() noexcept = default;
    explicit buffer(std::size_t size)
        : data_(std::make_unique_for_overwrite<std::uint8_t[]>(size)), size_(size) {}

    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] mutable_bytes all() const noexcept { return {data_.get(), size_}; }
    [[nodiscard]] bytes first(std::size_t n) const noexcept { return all().first(n); }

  private:
    std::unique_ptr<std::uint8_t[]> data_;
    std::size_t size_ = 0;
};

} // namespace kcapi::tools
