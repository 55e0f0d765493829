// SPDX-License-Identifier: BSD-3-Clause
//
// The one name that the shared object exports.
#include "drivers/ipsecmb/module.hpp"

extern "C" [[gnu::visibility("default")]] const kcapi::local::module *kcapi_driver_module() noexcept {
    return kcapi_driver_module_ipsecmb();
}
