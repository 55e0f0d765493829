// SPDX-License-Identifier: BSD-3-Clause
#include "whole_message.hpp"

#include "failure.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kcapi::tools {

namespace {

constexpr std::size_t piece = 1U << 20;

} // namespace

whole_message::~whole_message() {
    if (start_ != nullptr)
        (void)::munmap(start_, capacity_);
}

void whole_message::fail_growing(int code) const {
    fail(code, "no room for the whole message in " + (to_.is_file() ? to_.name() : std::string("memory")),
         "This algorithm needs its message as a whole.");
}

void whole_message::grow(std::size_t capacity) {
    // The room is reserved: a full disk is then an error here, and not a signal at some write to memory.
    if (to_.is_file())
        if (const int code = ::posix_fallocate(to_.descriptor(), 0, static_cast<off_t>(capacity)); code != 0)
            fail_growing(code);
    void *p = MAP_FAILED;
    if (start_ != nullptr)
        p = ::mremap(start_, capacity_, capacity, MREMAP_MAYMOVE);
    else if (to_.is_file())
        p = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_SHARED, to_.descriptor(), 0);
    else
        p = ::mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        fail_growing(errno);
    start_ = static_cast<std::uint8_t *>(p);
    capacity_ = capacity;
}

void whole_message::append_room(std::size_t length) {
    if (capacity_ - used_ < length)
        grow(std::max(used_ + length, capacity_ + capacity_ / 2));
    used_ += length;
}

void whole_message::append(bytes data) {
    if (data.empty())
        return;
    append_room(data.size());
    std::memcpy(start_ + used_ - data.size(), data.data(), data.size());
}

void whole_message::append_all(const input &from, progress &shown) {
    if (from.size > piece)
        grow(used_ + static_cast<std::size_t>(from.size) + piece);
    for (;;) {
        append_room(piece);
        const std::size_t n = read_input(from, content().last(piece));
        used_ -= piece - n;
        shown.add(n);
        if (n < piece)
            return;
    }
}

void whole_message::finish(std::size_t from, std::size_t length) {
    if (!to_.is_file()) {
        to_.write(content().subspan(from, length));
        return;
    }
    if (from != 0 && length != 0)
        std::memmove(start_, start_ + from, length);
    if (::ftruncate(to_.descriptor(), static_cast<off_t>(length)) != 0)
        fail(errno, "cannot cut " + to_.name());
    to_.commit();
}

} // namespace kcapi::tools
