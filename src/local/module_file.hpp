// SPDX-License-Identifier: BSD-3-Clause
//
// A module that is there and not loaded: its file, and what it says that it serves.
#pragma once

#include "local/module_index.hpp"

#include <kcapi/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::local {

/// The drivers that the index within the first bytes of a shared object tells of. Nothing if there is none,
/// or not of this build. The rows point into `file`.
[[nodiscard]] std::optional<std::vector<index_row>> index_in(std::string_view file);

class module_file {
  public:
    /// Fails for want of memory or descriptors only.
    [[nodiscard]] static result<module_file> at(std::string path);

    [[nodiscard]] const std::string &path() const noexcept { return path_; }
    /// Of its driver of that name; before all others if that is its driver name, or if there is no index and
    /// it has to be loaded to know. Nothing if it does not serve the name.
    [[nodiscard]] std::optional<int> priority_of(driver_kind type, std::string_view text) const noexcept;

  private:
    struct row {
        driver_kind type;
        int priority;
        std::string name;
        std::string driver_name;
    };

    std::string path_;
    std::optional<std::vector<row>> rows_;
};

} // namespace kcapi::local
