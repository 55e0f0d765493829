// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel's algorithm names: plain ("aes"), or a template over names ("rfc4106(gcm(aes))") to any depth.
// Parsing is strict. What the kernel half-understands ("cbc(aes)x" builds cbc(aes), then fails to find it
// under the string asked for) is reported as `alias`, so that a lookup can give the kernel's number for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::alg {

/// A parsed name: a template has arguments, a plain name has none.
struct name {
    std::string base;
    std::vector<name> arguments;

    [[nodiscard]] bool is_template() const noexcept { return !arguments.empty(); }
    /// The canonical text.
    [[nodiscard]] std::string text() const;
    friend bool operator==(const name &, const name &) = default;
};

/// Longest name that bind takes, and longest that an instance may have.
inline constexpr std::size_t max_bind_name = 103;
inline constexpr std::size_t max_name = 127;

/// The whole text as one name; nothing if it is not one.
[[nodiscard]] std::optional<name> parse_name(std::string_view text);

/// For a text that is no name but begins with a complete template ("cbc(aes)x", "cbc(aes))"): that template.
[[nodiscard]] std::optional<name> leading_template(std::string_view text);

/// The outermost template of a text whose arguments are names or templates, whatever stands in the
/// parentheses of the latter; else empty. The kernel looks no deeper before it asks for the template.
[[nodiscard]] std::string_view outer_template(std::string_view text) noexcept;

} // namespace kcapi::alg
