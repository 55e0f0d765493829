// SPDX-License-Identifier: BSD-3-Clause
//
// How a tool gives up: one exception, thrown where the reason is known and caught in main (run_tool). Stack
// unwinding wipes secrets and removes unfinished files, which a call of exit would not.
#pragma once

#include <kcapi/result.hpp>

#include <string>
#include <string_view>

namespace kcapi::tools {

/// `text` is one line for people: what, where, why. `hint`, if any, says what to try.
struct failure {
    int status;
    std::string text;
    std::string hint{};
};

/// The exit status of kcapi-enc, kcapi-dgst and kcapi-rng for an errno value: the low byte of its negative.
[[nodiscard]] constexpr int status_of(int code) noexcept { return (256 - code) & 255; }

/// "WHAT: the system's text of the error", with that status.
[[noreturn]] void fail(int code, std::string_view what, std::string_view hint = {});

/// For a mistake in the arguments: status 1, and the hint names --help.
[[noreturn]] void fail_usage(std::string_view what);

/// The value, or fail with the error's number; `what` says what was tried.
template <class T>
[[nodiscard]] T need(result<T> r, std::string_view what, std::string_view hint = {}) {
    if (!r)
        fail(r.error().code, what, hint);
    return std::move(*r);
}
inline void need(result<void> r, std::string_view what, std::string_view hint = {}) {
    if (!r)
        fail(r.error().code, what, hint);
}

} // namespace kcapi::tools
