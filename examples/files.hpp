// SPDX-License-Identifier: BSD-3-Clause
//
// Files of the example. Every function ends the program with a message if it cannot do its work.
#pragma once

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace example {

/// Owns a descriptor.
class file {
  public:
    explicit file(int descriptor) noexcept : descriptor_(descriptor) {}
    ~file() { close(); }
    file(file &&other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
    file(const file &) = delete;
    file &operator=(const file &) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    void close() noexcept;

  private:
    int descriptor_;
};

/// A file that nobody else can open and that is gone when the process is, whatever ends it. It lies in
/// $TMPDIR, or in /var/tmp, which need not fit into memory as /tmp may have to.
[[nodiscard]] file make_private_file();

/// Reads until `to` is full or the file ends; the number of bytes.
[[nodiscard]] std::size_t read_fully(const file &from, std::span<std::uint8_t> to);

/// Writes the first `length` bytes of the buffers.
void write_fully(const file &to, std::span<const iovec> from, std::size_t length);

void rewind(const file &which);

/// Whether both have the same bytes from here to their ends.
[[nodiscard]] bool same_rest(const file &a, const file &b);

} // namespace example
