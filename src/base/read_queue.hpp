// SPDX-License-Identifier: BSD-3-Clause
//
// Reads from several descriptors for one entry into the kernel, by Linux AIO (io_submit). Beside sys a place
// where the library talks to the kernel; sys's rules hold here.
#pragma once

#include "base/sys.hpp"

#include <span>

namespace kcapi::base {

struct read_call {
    int fd = -1;
    iov_list to;
    long outcome = 0; ///< bytes, or a negative errno
};

/// For one thread at a time, of the process that opened it.
class read_queue {
  public:
    static constexpr std::size_t capacity = 64;

    /// ENOSYS, EPERM (a filter), EAGAIN (fs.aio-max-nr), ENOMEM.
    [[nodiscard]] static result<read_queue> open() noexcept;
    read_queue(read_queue &&other) noexcept;
    read_queue &operator=(read_queue &&) = delete;
    ~read_queue();

    /// Makes at most `capacity` reads, independent of each other. Returns when all are done with. On failure
    /// none was made.
    [[nodiscard]] result<void> run(std::span<read_call> calls) noexcept;

    /// False in a child that inherited it: the kernel does not copy it.
    [[nodiscard]] bool made_here() const noexcept;

  private:
    read_queue(unsigned long context, int owner) noexcept : context_(context), owner_(owner) {}

    unsigned long context_; ///< aio_context_t
    int owner_;
};

} // namespace kcapi::base
