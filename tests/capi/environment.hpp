// SPDX-License-Identifier: BSD-3-Clause
//
// The surroundings that a process test makes for the library before its first use.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace kcapi::test {

/// setenv; a null value unsets.
void set_environment(const char *name, const char *value);

/// The messages at ERR level while `body` runs.
std::vector<std::string> error_lines(const std::function<void()> &body);

/// An empty folder that goes again, with what is in it.
class scratch_folder {
  public:
    scratch_folder();
    ~scratch_folder();
    scratch_folder(const scratch_folder &) = delete;
    scratch_folder &operator=(const scratch_folder &) = delete;
    [[nodiscard]] const std::string &path() const { return path_; }

  private:
    std::string path_;
};

} // namespace kcapi::test
