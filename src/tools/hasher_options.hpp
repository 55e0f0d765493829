// SPDX-License-Identifier: BSD-3-Clause
//
// What kcapi-hasher, under one of its names, was told to do.
#pragma once

#include "hasher_personality.hpp"
#include "secret.hpp"

#include <optional>

namespace kcapi::tools {

struct hasher_options {
    const personality *who = nullptr;
    std::string hash;           ///< such as "sha256"
    std::optional<secret> key;  ///< also an empty one
    std::size_t kept_bytes = 0; ///< of the digest; 0: all
    std::vector<std::string> operands;
    std::string directory; ///< for fipshmac; empty: that of the file
    std::string target;    ///< with --check: what to hash in the place of the listed names
    bool self_sum = false;
    bool self_sum_library = false;
    bool check = false;
    bool tagged = false;
    bool zero = false;
    bool binary = false;
    bool quiet = false;
    bool status_only = false;
    bool warn = false;
    bool strict = false;
    bool ignore_missing = false;
    std::size_t jobs = 0; ///< 0: as many as there are processors

    /// The name that the engines know, such as "hmac(sha256)".
    [[nodiscard]] std::string algorithm() const { return key ? "hmac(" + hash + ")" : hash; }
    /// What it is called in tagged lines.
    [[nodiscard]] std::string label() const { return key ? "HMAC(" + label_of(hash) + ")" : label_of(hash); }
};

[[nodiscard]] std::string hasher_help(std::string_view name);

/// Nothing if --help or --version was answered; main returns 0 then.
[[nodiscard]] std::optional<hasher_options> parse_hasher_options(const personality &who,
                                                                 std::vector<char *> arguments);

} // namespace kcapi::tools
