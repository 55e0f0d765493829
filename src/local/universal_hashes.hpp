// SPDX-License-Identifier: BSD-3-Clause
//
// ghash, poly1305 and nhpoly1305 as hashes of their own, which kernels up to 6.12 offer. The code is that of
// the templates that are made of them, so it is here and not in a driver module.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

[[nodiscard]] const module *universal_hash_module() noexcept;

} // namespace kcapi::local
