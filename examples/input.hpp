// SPDX-License-Identifier: BSD-3-Clause
//
// What the example encrypts: the user's file, or a sample made of the machine's own.
#pragma once

#include "files.hpp"

namespace example {

struct input {
    file content;
    std::string description;
    std::uint64_t size; ///< for the progress bar only: a file may change, and those of /proc say 0
};

/// A regular file is taken as it is; a pipe, which can be read only once, is copied into a private file
/// first.
[[nodiscard]] input open_input(const std::string &path);

/// 64 MiB of the readable files below `directory`, one after another.
[[nodiscard]] input make_sample(const std::string &directory);

} // namespace example
