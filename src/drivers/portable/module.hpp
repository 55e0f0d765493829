// SPDX-License-Identifier: BSD-3-Clause
//
// The module's entry; it is linked into every build.
#pragma once

#include "local/driver.hpp"

extern "C" const kcapi::local::module *kcapi_driver_module_portable() noexcept;
