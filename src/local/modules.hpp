// SPDX-License-Identifier: BSD-3-Clause
//
// Where drivers come from: those linked in (catalog) and modules loaded from one absolute directory.
#pragma once

#include "local/driver.hpp"

#include <kcapi/result.hpp>

#include <vector>

namespace kcapi::local {

/// The drivers linked into this build: in the shared library those without a library behind them, in the
/// static one all. Defined by the catalog.
[[nodiscard]] std::vector<const module *> linked_modules();

/// Loads every `*.so` of `directory` (absolute), in the order of their names. A module that cannot be loaded,
/// is of another build or reports that its library is unusable is logged and passed over, and so is a
/// directory that is not there. Modules are never unloaded. EMFILE, ENFILE or ENOMEM: nothing can be said
/// now, try again later.
[[nodiscard]] result<std::vector<const module *>> load_modules(const char *directory);

/// Whether this build has all of its drivers inside, and loads none but those of KCAPI_DRIVER_PATH. Defined
/// by the catalog.
[[nodiscard]] bool is_complete() noexcept;

/// Those of KCAPI_DRIVER_PATH (secure_getenv), or else, unless the build is `complete`, of the directory
/// fixed at build time, after `linked`.
[[nodiscard]] result<std::vector<const module *>> all_modules(std::vector<const module *> linked,
                                                              bool complete = false);

} // namespace kcapi::local
