// SPDX-License-Identifier: BSD-3-Clause
//
// Reading and writing by descriptor.
#pragma once

#include <kcapi/bytes.hpp>

#include "secret.hpp"

#include <string>
#include <string_view>

namespace kcapi::tools {

/// Owns a descriptor; -1 is none.
class unique_fd {
  public:
    explicit unique_fd(int fd = -1) noexcept : fd_(fd) {}
    ~unique_fd() { reset(); }
    unique_fd(unique_fd &&other) noexcept : fd_(other.release()) {}
    unique_fd &operator=(unique_fd &&other) noexcept {
        reset(other.release());
        return *this;
    }
    unique_fd(const unique_fd &) = delete;
    unique_fd &operator=(const unique_fd &) = delete;

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] int release() noexcept {
        const int fd = fd_;
        fd_ = -1;
        return fd;
    }
    void reset(int fd = -1) noexcept;

  private:
    int fd_;
};

/// Where data comes from: a regular file, or stdin.
struct input {
    unique_fd owned; ///< none for stdin
    int fd;
    std::string name;
    std::uint64_t size; ///< for the progress bar only, 0 if unknown: a file may grow and shrink
};

/// open_input opens a regular file, following links; stdin for NULL. Fails with EIO (cannot be opened) and
/// EINVAL (not a regular file); a FIFO does not make it wait.
[[nodiscard]] input open_input(const char *path);

/// Bytes read, 0 at the end, or a negative errno value. Interruptions are gone on from.
[[nodiscard]] ssize_t read_some(int fd, mutable_bytes to) noexcept;
/// Until `to` is full or the data ends. Bytes read, or a negative errno value.
[[nodiscard]] ssize_t read_fully(int fd, mutable_bytes to) noexcept;
/// 0 or a negative errno value.
[[nodiscard]] int write_fully(int fd, bytes data) noexcept;

/// read_input is read_fully that fails with EIO.
[[nodiscard]] std::size_t read_input(const input &from, mutable_bytes to);

/// What a descriptor gives to its end, at most `most` bytes; one that has more fails with EMSGSIZE. `what`
/// names it. `fd` is closed by nobody.
[[nodiscard]] secret read_secret(int fd, std::size_t most, std::string_view what, std::string_view hint);

} // namespace kcapi::tools
