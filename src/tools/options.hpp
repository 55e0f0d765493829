// SPDX-License-Identifier: BSD-3-Clause
//
// A tool's options as one table, from which come both the parsing and the text of --help.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::tools {

/// One option, or with `long_name` and `id` 0 the heading of a group. `id` is the short option's letter, or
/// a number from 256 on for one that has none.
struct option_row {
    int id;
    const char *long_name;
    const char *value_name; ///< NULL: takes none; in brackets: may have one
    const char *text;
};

struct given_option {
    int id;
    char *value; ///< in argv, where a secret can be wiped; NULL for none
};

struct command_line {
    std::vector<given_option> options; ///< in the order in which they were given
    std::vector<std::string> operands;

    [[nodiscard]] bool has(int id) const noexcept;
    /// The value that was given last; NULL for none.
    [[nodiscard]] char *last(int id) const noexcept;
};

/// Where operands may stand: among the options, or behind all of them; the first one then begins what is
/// another program's command line.
enum class operands { anywhere, end_the_options };

/// parse_options takes long options by any unambiguous beginning. Fails by fail_usage.
[[nodiscard]] command_line parse_options(int argc, char **argv, std::span<const option_row> rows,
                                         operands place = operands::anywhere);

/// The table as text, at most 80 columns wide.
[[nodiscard]] std::string help_text(std::string_view usage, std::span<const option_row> rows);

/// What kcapi-enc, kcapi-dgst and kcapi-rng make of numbers: strtoul, of which 2^32-1 is refused and the
/// lower 32 bits are used. Something that is no number is 0; that is said as a warning.
[[nodiscard]] std::uint32_t number_as_original(std::string_view option, const char *text);

/// A whole decimal number, or none.
[[nodiscard]] std::optional<std::uint64_t> whole_number(const char *text) noexcept;

} // namespace kcapi::tools
