// SPDX-License-Identifier: BSD-3-Clause
//
// A buffer that touches a page nobody may access, at its end or at its start: code that goes one byte too far
// on that side, reading or writing, faults.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <new>

namespace kcapi::test {

enum class guard_side { start, end };

class guarded_buffer {
  public:
    guarded_buffer(std::size_t size, guard_side side) {
        const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
        const std::size_t room = (size + page - 1) / page * page;
        length_ = room + page;
        mapping_ = ::mmap(nullptr, length_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (mapping_ == MAP_FAILED)
            throw std::bad_alloc();
        auto *const first = static_cast<std::uint8_t *>(mapping_);
        std::uint8_t *const guard = side == guard_side::start ? first : first + room;
        data_ = side == guard_side::start ? first + page : guard - size;
        if (::mprotect(guard, page, PROT_NONE) != 0) {
            (void)::munmap(mapping_, length_);
            throw std::bad_alloc();
        }
    }
    ~guarded_buffer() { (void)::munmap(mapping_, length_); }
    guarded_buffer(const guarded_buffer &) = delete;
    guarded_buffer &operator=(const guarded_buffer &) = delete;

    [[nodiscard]] std::uint8_t *data() const noexcept { return data_; }

  private:
    void *mapping_ = nullptr;
    std::size_t length_ = 0;
    std::uint8_t *data_ = nullptr;
};

} // namespace kcapi::test
