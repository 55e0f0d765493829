// SPDX-License-Identifier: BSD-3-Clause
//
// The transforms of the local engine, one maker per kind. `d` must be of that kind, and lives as long as the
// process.
#pragma once

#include "alg/engine.hpp"
#include "local/driver.hpp"

namespace kcapi::local {

using transform_maker = result<std::shared_ptr<alg::transform>>(const driver &d);

[[nodiscard]] transform_maker make_skcipher_transform;
[[nodiscard]] transform_maker make_aead_transform;
[[nodiscard]] transform_maker make_hash_transform;

} // namespace kcapi::local
