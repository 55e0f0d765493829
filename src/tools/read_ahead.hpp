// SPDX-License-Identifier: BSD-3-Clause
//
// Reads a descriptor to its end in a thread of its own, a few pieces ahead of whoever takes them.
#pragma once

#include <kcapi/bytes.hpp>

#include <memory>
#include <thread>

namespace kcapi::tools {

class read_ahead {
  public:
    explicit read_ahead(int fd);
    /// Does not wait for a read that sleeps, such as one of an idle pipe: that thread is left to itself.
    ~read_ahead();
    read_ahead(const read_ahead &) = delete;
    read_ahead &operator=(const read_ahead &) = delete;

    /// The next piece, valid until the next call; empty at the end, also at one by an error. All but the last
    /// have the same length, a multiple of 4096.
    [[nodiscard]] bytes next();
    /// After the end: 0, or the errno value that reading failed with.
    [[nodiscard]] int error() const noexcept;

  private:
    struct state;

    std::shared_ptr<state> state_; ///< the thread's too
    std::thread reader_;
};

} // namespace kcapi::tools
