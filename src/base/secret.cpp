// SPDX-License-Identifier: BSD-3-Clause
#include "base/secret.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kcapi::base {

namespace {

/// Below this a page of its own costs more than it gives.
constexpr std::size_t page_owner_size = 16384;

} // namespace

void wipe(void *p, std::size_t n) noexcept {
    if (n != 0)
        ::explicit_bzero(p, n);
}

bool ct_equal(bytes a, bytes b) noexcept {
    if (a.size() != b.size())
        return false;
    // volatile keeps the compiler from leaving the loop early.
    volatile std::uint8_t difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        difference = static_cast<std::uint8_t>(difference | (a[i] ^ b[i]));
    return difference == 0;
}

secret_buffer::secret_buffer(secret_buffer &&other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)),
      pages_(std::exchange(other.pages_, false)) {}

secret_buffer &secret_buffer::operator=(secret_buffer &&other) noexcept {
    if (this != &other) {
        clear();
        data_ = std::exchange(other.data_, nullptr);
        size_ = std::exchange(other.size_, 0);
        pages_ = std::exchange(other.pages_, false);
    }
    return *this;
}

result<secret_buffer> secret_buffer::make(std::size_t size) noexcept {
    secret_buffer b;
    if (size == 0)
        return b;
    if (size >= page_owner_size) {
        void *p = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (p == MAP_FAILED)
            return error{ENOMEM, "secret_buffer"};
        // Advice only: an old kernel that does not know it loses nothing else.
        (void)::madvise(p, size, MADV_DONTDUMP);
        b.data_ = static_cast<std::uint8_t *>(p);
        b.pages_ = true;
    } else {
        b.data_ = static_cast<std::uint8_t *>(std::calloc(size, 1));
        if (b.data_ == nullptr)
            return error{ENOMEM, "secret_buffer"};
    }
    b.size_ = size;
    return b;
}

result<secret_buffer> secret_buffer::copy_of(bytes from) noexcept {
    result<secret_buffer> b = make(from.size());
    if (b && !from.empty())
        std::memcpy(b->data(), from.data(), from.size());
    return b;
}

void secret_buffer::clear() noexcept {
    if (data_ == nullptr)
        return;
    wipe(data_, size_);
    if (pages_)
        (void)::munmap(data_, size_);
    else
        std::free(data_);
    data_ = nullptr;
    size_ = 0;
    pages_ = false;
}

} // namespace kcapi::base
