// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-hasher is many tools in one: which one is said by the name it is called by, or by its first option.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::tools {

/// The two published keys of check files, in the original's terms.
enum class known_key : std::uint8_t {
    none,
    fipscheck, ///< of the library libfipscheck
    hmaccalc   ///< of the package hmaccalc
};
[[nodiscard]] std::string_view text_of(known_key key) noexcept;

enum class task : std::uint8_t { sums, write_check_files, check_file };

struct personality {
    std::string_view name;
    std::string_view hash; ///< empty: has to be chosen
    known_key key;
    task does;
};

/// The one whose name `name` begins with, or none.
[[nodiscard]] const personality *find_personality(std::string_view name) noexcept;

struct chosen_personality {
    std::string name;              ///< what was asked for
    std::vector<char *> arguments; ///< argv without the option; NULL at the end
};

/// Looks for -n NAME or --name NAME as the first option, operands may come before; otherwise it is the last
/// part of argv[0].
[[nodiscard]] chosen_personality choose_personality(int argc, char **argv);

/// What hashes are called in tagged lines, such as "SHA3-256"; in the check of -h too, so empty for one
/// that is not known.
[[nodiscard]] std::string label_of(std::string_view hash);

} // namespace kcapi::tools
