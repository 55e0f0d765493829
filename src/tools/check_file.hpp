// SPDX-License-Identifier: BSD-3-Clause
//
// Check files: the HMAC of a file, kept beside it or in a configured directory. And the check of this program
// and its library by theirs, which FIPS mode wants.
#pragma once

#include "hasher_options.hpp"

#include <optional>
#include <string>

namespace kcapi::tools {

/// Where the check file of `file` is. `directory`, if any, takes the place of the configured one.
[[nodiscard]] std::string check_file_of(const std::string &file, known_key key, const std::string &directory);

/// As above, beside the file also if a directory is configured: where fipshmac writes.
[[nodiscard]] std::string check_file_to_write(const std::string &file, const std::string &directory);

/// The sum in a check file's first line, as long as it is; none if the line does not begin with one. Fails
/// with status 253 if the file cannot be opened.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> read_check_file(const std::string &path);

/// The files of the running program and of the library that it uses.
[[nodiscard]] std::string own_program();
[[nodiscard]] std::string own_library();

/// What -S and -L print: the HMAC-SHA512 under hmaccalc's key.
[[nodiscard]] std::vector<std::uint8_t> self_sum(const std::string &file);

/// Checks program and library if FIPS mode, or the environment, wants it. A failure has status 1.
void check_integrity();

} // namespace kcapi::tools
