// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// Known answers; false for an algorithm without any.
[[nodiscard]] bool passes_akcipher_self_test(const driver &d) noexcept;
[[nodiscard]] bool passes_kpp_self_test(const driver &d) noexcept;

} // namespace kcapi::local
