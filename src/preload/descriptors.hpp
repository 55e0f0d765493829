// SPDX-License-Identifier: BSD-3-Clause
//
// The table against what the kernel does with numbers.
#pragma once

#include "preload/process.hpp"
#include "preload/table.hpp"

namespace kcapi::preload {

/// The kernel just gave this number to a file that is none of ours: an entry under it is of one that was
/// closed behind our back. Returns the number.
inline int fresh(int fd) noexcept {
    if (table::has(fd)) [[unlikely]]
        if (!is_guest())
            (void)table::drop(fd);
    return fd;
}

/// `to` is a copy of `from` now; whatever `to` was before is closed.
void copied(int from, int to) noexcept;

} // namespace kcapi::preload
