// SPDX-License-Identifier: BSD-3-Clause
//
// Where drivers come from: those linked in (catalog) and modules from one absolute directory, which are
// loaded when one of their names is asked for.
#pragma once

#include "local/driver.hpp"
#include "local/module_file.hpp"

#include <kcapi/result.hpp>

#include <string>
#include <vector>

namespace kcapi::local {

/// The drivers linked into this build: in the shared library those without a library behind them, in the
/// static one all. Defined by the catalog.
[[nodiscard]] std::vector<const module *> linked_modules();

struct module_set {
    std::vector<const module *> loaded;
    std::vector<module_file> files; ///< not loaded
};

/// Every `*.so` of `directory` (absolute), in the order of their names; none of a directory that is not
/// there. EMFILE, ENFILE or ENOMEM: nothing can be said now, try again later.
[[nodiscard]] result<std::vector<module_file>> find_modules(const char *directory);

/// Null for a module that cannot be loaded, is of another build or reports that its library is unusable; that
/// is logged. Modules are never unloaded. EMFILE, ENFILE or ENOMEM: as above.
[[nodiscard]] result<const module *> load_module(const std::string &path);

/// Whether this build has all of its drivers inside, and loads none but those of KCAPI_DRIVER_PATH. Defined
/// by the catalog.
[[nodiscard]] bool is_complete() noexcept;

/// `linked`, and those of KCAPI_DRIVER_PATH (secure_getenv), or else, unless the build is `complete`, of the
/// directory fixed at build time.
[[nodiscard]] result<module_set> all_modules(std::vector<const module *> linked, bool complete = false);

} // namespace kcapi::local
