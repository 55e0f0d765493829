// SPDX-License-Identifier: BSD-3-Clause
//
// A test's body in a process of its own: for what cannot be undone (seccomp, capabilities, the library's
// first look at its environment) and for what a child of a user of the library may do.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace kcapi::test {

/// Runs `body` in a forked child. Its assertions count: the child prints them, and the caller's test fails if
/// the child failed, was killed, or does not end within 60 s. Returns whether all was well.
bool passes_in_child(const std::function<void()> &body);

/// Everything that the process writes to stderr while it lives, also past the C library.
class captured_stderr {
  public:
    captured_stderr();
    ~captured_stderr();
    captured_stderr(const captured_stderr &) = delete;
    captured_stderr &operator=(const captured_stderr &) = delete;
    [[nodiscard]] std::string text();

  private:
    int file_ = -1;
    int saved_ = -1;
};

/// Lowers the limit for descriptors so that only `left` more can be opened, until it is destroyed.
class no_more_descriptors {
  public:
    explicit no_more_descriptors(std::size_t left = 0);
    ~no_more_descriptors();
    no_more_descriptors(const no_more_descriptors &) = delete;
    no_more_descriptors &operator=(const no_more_descriptors &) = delete;

  private:
    unsigned long before_ = 0;
};

} // namespace kcapi::test
