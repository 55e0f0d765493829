// SPDX-License-Identifier: BSD-3-Clause
#include "local/byte_queue.hpp"

#include <bit>
#include <cerrno>

namespace kcapi::local {

result<void> byte_queue::make_room(std::size_t n) noexcept {
    if (storage_.size() - head_ - size_ >= n)
        return {};
    if (size_ + n <= storage_.size() / 2) {
        std::memmove(storage_.data(), front(), size_);
        head_ = 0;
        return {};
    }
    if (n > PTRDIFF_MAX / 4 - size_)
        return error{ENOMEM, "byte_queue"};
    const std::size_t wanted = std::bit_ceil(std::max(2 * (size_ + n), page));
    result<base::secret_buffer> grown = base::secret_buffer::make(wanted);
    if (!grown)
        return grown.error();
    if (size_ != 0)
        std::memcpy(grown->data(), front(), size_);
    storage_ = std::move(*grown);
    head_ = 0;
    return {};
}

result<void> byte_queue::append(base::iov_cursor &from, std::size_t n) noexcept {
    if (result<void> r = make_room(n); !r)
        return r;
    (void)from.take({front() + size_, n});
    size_ += n;
    run_ += n;
    return {};
}

void byte_queue::consume(std::size_t n) noexcept {
    head_ += n;
    size_ -= n;
    if (size_ == 0) {
        head_ = 0;
        run_ = 0;
    }
}

void byte_queue::trim() noexcept {
    constexpr std::size_t usual = 1U << 20;
    if (storage_.size() > usual)
        storage_.clear();
}

} // namespace kcapi::local
