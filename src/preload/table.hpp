// SPDX-License-Identifier: BSD-3-Clause
//
// Which descriptors are ours. Asking costs a load and a comparison, takes no lock and no memory, leaves errno
// alone and may be done in a signal handler. Each entry holds a reference of its description.
//
// Low numbers stand in one array; for others there is a directory of arrays that are made on first use: a
// table for all numbers there can be would count as memory in programs that lock theirs.
#pragma once

#include "preload/description.hpp"

#include <array>

namespace kcapi::preload::table {

using slot = std::atomic<description *>;

inline constexpr unsigned per_array = 1024;
inline constexpr unsigned arrays = 1024;

// Constant initialisation: there before any constructor runs.
extern std::array<slot, per_array> low;
extern std::array<std::atomic<slot *>, arrays> directory;

/// The entry for a number, or null: nobody has put anything there.
[[nodiscard]] inline slot *find_slot(int fd) noexcept {
    const auto number = static_cast<unsigned>(fd);
    if (number < per_array)
        return &low[number];
    if (number >= per_array * arrays)
        return nullptr;
    slot *const array = directory[number / per_array].load(std::memory_order_acquire);
    return array == nullptr ? nullptr : array + number % per_array;
}

[[nodiscard]] inline bool has(int fd) noexcept {
    const slot *const s = find_slot(fd);
    return s != nullptr && s->load(std::memory_order_relaxed) != nullptr;
}

/// One more than the highest number that ever was ours: how far a search has to go.
extern std::atomic<unsigned> end;

/// Whether there ever was a descriptor of ours.
[[nodiscard]] inline bool is_used() noexcept { return end.load(std::memory_order_relaxed) != 0; }

/// Empty if the descriptor is not ours.
[[nodiscard, gnu::always_inline]] inline held find(int fd) noexcept {
    slot *const s = find_slot(fd);
    if (s == nullptr)
        return {};
    for (;;) {
        description *const d = s->load(std::memory_order_acquire);
        if (d == nullptr)
            return {};
        if (!d->hold())
            continue; // It is being dropped: the entry is about to change or has changed.
        if (s->load(std::memory_order_acquire) == d)
            return held(d);
        d->release();
    }
}

/// Makes the descriptor ours and takes over the reference; an earlier entry is dropped. False without memory.
[[nodiscard]] bool put(int fd, held d) noexcept;

/// The descriptor is no longer ours; what it was, if it was.
held drop(int fd) noexcept;

/// The same for all of a range.
void drop_range(unsigned first, unsigned last) noexcept;

/// In a child after fork, whose other threads are gone: what they held locked is free again.
void unlock_all() noexcept;

/// Some descriptor that names `d`, other than by a race; -1.
[[nodiscard]] int number_of(const description &d) noexcept;

/// The description whose socket is the one behind `fd`, which the table does not know: a descriptor that came
/// in a message. Asks the kernel.
[[nodiscard]] held find_by_socket(int fd) noexcept;

} // namespace kcapi::preload::table
