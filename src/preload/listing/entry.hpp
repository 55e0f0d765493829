// SPDX-License-Identifier: BSD-3-Clause
//
// What the kernel would tell of an algorithm, in whatever form: the engine's list with the kernel's words.
#pragma once

#include "alg/engine.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kcapi::preload {

/// The kernel names the owner of an algorithm's code; this is where ours comes from.
inline constexpr const char listed_module[] = "kcapi";

struct entry {
    alg::properties info;
    [[nodiscard]] bool tested() const noexcept { return info.state == alg::self_test::passed; }
};

/// The kernel's word for the kind in lists: "skcipher", "shash", ...
[[nodiscard]] const char *type_word(alg::kind kind) noexcept;

/// All that could serve here, best first within a name. Self tests that nobody needed so far are run for it:
/// what a list calls passed has passed. A driver that failed is listed, and is not tested.
[[nodiscard]] std::vector<entry> entries(alg::engine &engine);

/// The same without running any self test.
[[nodiscard]] std::vector<entry> entries_as_they_are(alg::engine &engine);

/// Runs the self test of one entry, if it has none behind it.
void settle(alg::engine &engine, entry &e);

} // namespace kcapi::preload
