// SPDX-License-Identifier: BSD-3-Clause
//
// How the example gives up: one line on stderr, exit status 1, from any thread.
#pragma once

namespace example {

/// Ends the process at once, because the other thread may be asleep in the library. Nothing is left behind:
/// the temporary files have no names.
[[noreturn, gnu::format(printf, 1, 2)]] void fail(const char *format, ...);

} // namespace example
