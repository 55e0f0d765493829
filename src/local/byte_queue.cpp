// SPDX-License-Identifier: BSD-3-Clause
#include "local/byte_queue.hpp"

#include <bit>
#include <cerrno>
#include <utility>

namespace kcapi::local {

result<void> byte_queue::make_room(std::size_t n) noexcept {
    if (storage_.size() - head_ - size_ >= n)
        return {};
    if (size_ + n <= storage_.size() / 2) {
        std::memmove(storage_.data(), storage_.data() + head_, size_);
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
        std::memcpy(grown->data(), storage_.data() + head_, size_);
    storage_ = std::move(*grown);
    head_ = 0;
    return {};
}

result<void> byte_queue::append(base::iov_cursor &from, std::size_t n) noexcept {
    if (result<void> r = keep(); !r)
        return r;
    if (result<void> r = make_room(n); !r)
        return r;
    (void)from.take({storage_.data() + head_ + size_, n});
    size_ += n;
    run_ += n;
    return {};
}

void byte_queue::lend(base::bytes data) noexcept {
    lent_ = data.data();
    size_ = run_ = data.size();
}

result<void> byte_queue::keep() noexcept {
    if (!is_lent())
        return {};
    const base::bytes rest(lent_, std::exchange(size_, 0));
    const std::uint8_t *const lent = std::exchange(lent_, nullptr);
    result<void> r = make_room(rest.size());
    if (r)
        std::memcpy(storage_.data(), rest.data(), rest.size());
    else
        lent_ = lent;
    size_ = rest.size();
    return r;
}

result<std::uint8_t *> byte_queue::own_front(std::size_t n) noexcept {
    if (!is_lent())
        return storage_.data() + head_;
    const std::size_t size = std::exchange(size_, 0);
    const result<void> r = make_room(n);
    size_ = size;
    if (!r)
        return r.error();
    std::memcpy(storage_.data(), lent_, n);
    return storage_.data();
}

void byte_queue::consume(std::size_t n) noexcept {
    size_ -= n;
    if (is_lent())
        lent_ += n;
    else
        head_ += n;
    if (size_ == 0) {
        lent_ = nullptr;
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
