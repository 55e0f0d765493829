// SPDX-License-Identifier: BSD-3-Clause
//
// Whose memory this is. The child of a vfork runs in its parent's memory, but its descriptors are its own:
// what it closes before exec must stay in the parent's table.
#pragma once

#include <mutex>

namespace kcapi::preload {

/// Notes who runs here. Called before the first descriptor of ours exists.
void note_process() noexcept;

/// Held where the engine itself is used, not one of its operations: a fork waits for it, so that no lock
/// inside the engine, its modules or their libraries is inherited from a thread that the child does not have.
[[nodiscard]] std::mutex &engine_use() noexcept;

/// Whether this process runs in another's memory. Costs a system call; asked only where the table would
/// change.
[[nodiscard]] bool is_guest() noexcept;

} // namespace kcapi::preload
