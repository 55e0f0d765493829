// SPDX-License-Identifier: BSD-3-Clause
#include "preload/table.hpp"

#include <sys/mman.h>

#include <algorithm>

namespace kcapi::preload::table {

constinit std::array<slot, per_array> low{};
constinit std::array<std::atomic<slot *>, arrays> directory{};

constinit std::atomic<unsigned> end{0};

namespace {

slot *make_slot(int fd) noexcept {
    if (slot *const there = find_slot(fd))
        return there;
    const auto number = static_cast<unsigned>(fd);
    if (number >= per_array * arrays)
        return nullptr;
    // Zero pages are an array of null pointers.
    constexpr std::size_t size = per_array * sizeof(slot);
    void *const pages = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return nullptr;
    slot *expected = nullptr;
    if (!directory[number / per_array].compare_exchange_strong(expected, static_cast<slot *>(pages)))
        (void)::munmap(pages, size);
    return find_slot(fd);
}

} // namespace

bool put(int fd, held d) noexcept {
    slot *const s = make_slot(fd);
    if (s == nullptr)
        return false;
    unsigned seen = end.load(std::memory_order_relaxed);
    const unsigned wanted = static_cast<unsigned>(fd) + 1;
    while (seen < wanted && !end.compare_exchange_weak(seen, wanted))
        ;
    const held before(s->exchange(d.take(), std::memory_order_acq_rel));
    return true;
}

held drop(int fd) noexcept {
    slot *const s = find_slot(fd);
    if (s == nullptr || s->load(std::memory_order_relaxed) == nullptr)
        return {};
    return held(s->exchange(nullptr, std::memory_order_acq_rel));
}

void drop_range(unsigned first, unsigned last) noexcept {
    const unsigned stop = end.load(std::memory_order_relaxed);
    for (unsigned n = first; n < stop && n <= last; ++n)
        (void)drop(static_cast<int>(n));
}

void unlock_all() noexcept {
    const unsigned stop = end.load(std::memory_order_relaxed);
    for (unsigned n = 0; n < stop; ++n)
        if (const held d = find(static_cast<int>(n)))
            d->unlock();
}

int number_of(const description &d) noexcept {
    const unsigned stop = end.load(std::memory_order_relaxed);
    for (unsigned n = 0; n < stop; ++n) {
        const slot *const s = find_slot(static_cast<int>(n));
        if (s != nullptr && s->load(std::memory_order_relaxed) == &d)
            return static_cast<int>(n);
    }
    return -1;
}

held find_by_socket(int fd) noexcept {
    struct stat is {};
    const unsigned stop = end.load(std::memory_order_relaxed);
    if (stop == 0 || ::fstat(fd, &is) != 0 || !S_ISSOCK(is.st_mode))
        return {};
    for (unsigned n = 0; n < stop; ++n) {
        held d = find(static_cast<int>(n));
        if (d && d->inode == is.st_ino && d->device == is.st_dev)
            return d;
    }
    return {};
}

} // namespace kcapi::preload::table
