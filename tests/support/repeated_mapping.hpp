// SPDX-License-Identifier: BSD-3-Clause
//
// Address space of any size over one small piece of memory, again and again: for lengths that no test machine
// has memory for. As output, the last bytes written to each place stay.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace kcapi::test {

class repeated_mapping {
  public:
    /// `piece` is a multiple of the page size.
    repeated_mapping(std::size_t piece, std::size_t times) : size_(piece * times) {
        const int fd = ::memfd_create("repeated_mapping", MFD_CLOEXEC);
        void *const all =
            ::mmap(nullptr, size_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        bool good = fd >= 0 && all != MAP_FAILED && ::ftruncate(fd, static_cast<off_t>(piece)) == 0;
        data_ = static_cast<std::uint8_t *>(all);
        for (std::size_t i = 0; good && i < times; ++i)
            good = ::mmap(data_ + i * piece, piece, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) !=
                   MAP_FAILED;
        if (fd >= 0)
            (void)::close(fd);
        if (!good)
            throw std::bad_alloc();
    }
    ~repeated_mapping() { (void)::munmap(data_, size_); }
    repeated_mapping(const repeated_mapping &) = delete;
    repeated_mapping &operator=(const repeated_mapping &) = delete;

    [[nodiscard]] std::uint8_t *data() const noexcept { return data_; }

  private:
    std::size_t size_;
    std::uint8_t *data_ = nullptr;
};

} // namespace kcapi::test
