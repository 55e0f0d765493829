// SPDX-License-Identifier: BSD-3-Clause
//
// Keys of kcapi-enc and kcapi-dgst: from a descriptor as they are, or from a password by PBKDF2.
#pragma once

#include "options.hpp"
#include "secret.hpp"

#include <kcapi/bytes.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kcapi::tools {

/// The numbers of options without a letter that both tools have.
enum key_option : int {
    option_passwdfd = 300,
    option_pbkdfiter,
    option_pbkdfmac,
    option_keyfd,
    option_key_len
};

struct key_source {
    std::optional<secret> password; ///< an empty one counts as none
    std::optional<int> key_fd;
    std::vector<std::uint8_t> salt; ///< empty: not given
    std::uint32_t iterations = 0;   ///< 0: not given
    std::string mac = "hmac(sha256)";
    std::optional<std::size_t> key_length;

    [[nodiscard]] bool given() const noexcept { return password.has_value() || key_fd.has_value(); }
};

/// What is said about keys on the command line. The password in argv is wiped.
[[nodiscard]] key_source key_source_from(const command_line &line);

/// A salt of 32 random bytes.
[[nodiscard]] std::vector<std::uint8_t> new_salt();

/// The password's key. Salt and iterations that were not given are chosen, kept in `from` and, if `told`,
/// said as a warning, since whoever wants the key again needs them.
[[nodiscard]] secret key_from_password(key_source &from, std::size_t length, bool told);

/// The key by all the rules: the descriptor's wins over the password's, which is derived nevertheless.
/// Fails with EINVAL if there is none.
[[nodiscard]] secret read_key(key_source &from);

/// The descriptor's key as it is.
[[nodiscard]] secret key_from_descriptor(const key_source &from);

} // namespace kcapi::tools
