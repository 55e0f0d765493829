// SPDX-License-Identifier: BSD-3-Clause
//
// skcipher transforms and operations over a driver.
#pragma once

#include "alg/engine.hpp"
#include "local/driver.hpp"

namespace kcapi::local {

/// The transform for `d`, which must be of kind skcipher and outlive it (drivers live as long as the
/// process).
[[nodiscard]] std::shared_ptr<alg::transform> make_skcipher_transform(const driver &d);

/// A driver's record as the seam tells it.
[[nodiscard]] alg::properties describe(const driver &d);

} // namespace kcapi::local
