// SPDX-License-Identifier: BSD-3-Clause
//
// --check: files against the sums in lists.
#pragma once

#include "file_hasher.hpp"
#include "hasher_options.hpp"

namespace kcapi::tools {

/// The exit status: 0 if all is well, 253 if a list could not be opened, 1 for anything else.
[[nodiscard]] int check_lists(const hasher_options &o, const handle &hash);

} // namespace kcapi::tools
