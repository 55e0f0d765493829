// SPDX-License-Identifier: BSD-3-Clause
//
// A message that has to be in memory as a whole, and is processed there in place. Where the output is a file
// the memory is that unfinished file's, so that the system can move it to the disk; otherwise it is the
// process's own.
#pragma once

#include "output.hpp"
#include "progress.hpp"

namespace kcapi::tools {

class whole_message {
  public:
    explicit whole_message(output &to) noexcept : to_(to) {}
    ~whole_message();
    whole_message(const whole_message &) = delete;
    whole_message &operator=(const whole_message &) = delete;

    /// append adds bytes at the end; a NULL view of a length adds room.
    void append(bytes data);
    void append_room(std::size_t length);
    void append_all(const input &from, progress &shown);

    [[nodiscard]] mutable_bytes content() const noexcept { return {start_, used_}; }

    /// finish writes the part of the message that is wanted and gives the file its name.
    void finish(std::size_t from, std::size_t length);

  private:
    void grow(std::size_t capacity);
    [[noreturn]] void fail_growing(int code) const;

    output &to_;
    std::uint8_t *start_ = nullptr;
    std::size_t used_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace kcapi::tools
