// SPDX-License-Identifier: BSD-3-Clause
//
// The module's entry under the name by which a static build finds it; the shared object has it under
// local::module_entry_name.
#pragma once

#include "local/driver.hpp"

extern "C" const kcapi::local::module *kcapi_driver_module_ipsecmb() noexcept;
