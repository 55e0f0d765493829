// SPDX-License-Identifier: BSD-3-Clause
//
// The bytes an operation holds between send and receive: contiguous, first in first out, wiped when freed. Or
// bytes of somebody else, who lends them as long as they are here: until something is appended to them.
// The storage is up to twice the limit, so that moving the rest to the front happens at most once per limit
// bytes.
#pragma once

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace kcapi::local {

class byte_queue {
  public:
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// How far the end stands into a page: pages are counted from where the queue was last empty, as in the
    /// kernel.
    [[nodiscard]] std::size_t page_offset() const noexcept { return run_ % page; }

    /// Appends `n` bytes of `from`, which must have them. ENOMEM leaves everything as it was.
    [[nodiscard]] result<void> append(base::iov_cursor &from, std::size_t n) noexcept;
    /// Makes `data` what is in the empty queue, without a copy.
    void lend(base::bytes data) noexcept;
    [[nodiscard]] bool is_lent() const noexcept { return lent_ != nullptr; }
    /// Takes a copy of what is lent. ENOMEM.
    [[nodiscard]] result<void> keep() noexcept;
    /// The first size() bytes.
    [[nodiscard]] const std::uint8_t *front() const noexcept {
        return is_lent() ? lent_ : storage_.data() + head_;
    }
    /// The first `n` of them to be changed in place, in storage of the queue's own. ENOMEM.
    [[nodiscard]] result<std::uint8_t *> own_front(std::size_t n) noexcept;
    /// Drops `n` bytes; what front() pointed to stays readable until the next append.
    void consume(std::size_t n) noexcept;
    /// Gives back the storage of an unusually large message; the queue must be empty.
    void trim() noexcept;

    static constexpr std::size_t page = 4096;

  private:
    [[nodiscard]] result<void> make_room(std::size_t n) noexcept;

    base::secret_buffer storage_;
    const std::uint8_t *lent_ = nullptr; ///< instead of storage_
    std::size_t head_ = 0;               ///< in storage_
    std::size_t size_ = 0;
    std::size_t run_ = 0;
};

} // namespace kcapi::local
