// SPDX-License-Identifier: BSD-3-Clause
//
// Where data goes: stdout, or a file that appears whole or not at all. It is written under another name in
// the same directory and renamed at the end; a failure or a signal that ends the tool removes it. A file that
// was there before stays as it was until then, and hands on its permissions. One output at a time.
#pragma once

#include "file.hpp"

namespace kcapi::tools {

class output {
  public:
    /// stdout for NULL; otherwise a regular file or a name that is free. Fails with EINVAL, EIO.
    explicit output(const char *path);
    ~output();
    output(const output &) = delete;
    output &operator=(const output &) = delete;

    [[nodiscard]] bool is_file() const noexcept { return !target_.empty(); }
    [[nodiscard]] const std::string &name() const noexcept { return name_; }

    void write(bytes data);
    /// The descriptor of the unfinished file, made if it is not there yet. Files only.
    [[nodiscard]] int descriptor();

    /// For long work: fails now if there will be no place for the unfinished file.
    void need_place() const;

    /// commit gives the file its name. Without it there will be none.
    void commit();
    /// For no data at all: an existing file is left alone, another is made empty.
    void commit_nothing();

  private:
    void begin();
    [[noreturn]] void fail_writing(int code) const;

    std::string name_;   ///< as the user says it
    std::string target_; ///< behind links; empty for stdout
    std::string unfinished_;
    unique_fd fd_;
};

} // namespace kcapi::tools
