// SPDX-License-Identifier: BSD-3-Clause
//
// A driver's record as the seam tells it.
#pragma once

#include "alg/engine.hpp"
#include "local/driver.hpp"

namespace kcapi::local {

/// The kind by which a driver of this type is bound; nothing for a bare cipher.
[[nodiscard]] std::optional<alg::kind> kind_of(driver_kind type) noexcept;
[[nodiscard]] driver_kind type_of(alg::kind kind) noexcept;

/// `d` must be of a kind that can be bound.
[[nodiscard]] alg::properties describe(const driver &d, alg::self_test state = alg::self_test::passed);

} // namespace kcapi::local
