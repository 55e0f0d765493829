// SPDX-License-Identifier: BSD-3-Clause
//
// Running a program with the shim in it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::tools {

/// An environment to be changed and handed on. What is set twice counts by its first setting, as for getenv.
class environment {
  public:
    /// A copy of this process's.
    environment();

    [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    /// For execve; valid until the next change.
    [[nodiscard]] std::vector<char *> pointers();

  private:
    std::vector<std::string> all_;
};

/// LD_PRELOAD with `library` before all that stands there, and only once. `before` may be empty.
[[nodiscard]] std::string preload_list(std::string_view library, std::string_view before);

/// Whether the dynamic linker can be told of a library by this path: blanks and colons end a name in its
/// list, and a dollar begins a variable.
[[nodiscard]] bool fits_preload_list(std::string_view path) noexcept;

/// The shim: where it lies relative to this program, else where it was to be installed; empty if it is at
/// neither place.
[[nodiscard]] std::string find_shim();

/// execve along PATH. Returns only if it failed, with the errno value.
[[nodiscard]] int execute(std::span<char *const> command, environment &with);

} // namespace kcapi::tools
