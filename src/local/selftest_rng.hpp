// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// Known answers where the generator takes entropy, else a look at its health.
[[nodiscard]] bool passes_rng_self_test(const driver &d) noexcept;

} // namespace kcapi::local
