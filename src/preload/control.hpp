// SPDX-License-Identifier: BSD-3-Clause
//
// Control data of a message, as AF_ALG reads it.
#pragma once

#include "alg/engine.hpp"

namespace kcapi::preload {

/// What the bytes ask for. EINVAL for a message that is malformed or unknown to AF_ALG. Messages of another
/// level are passed over, and yet any control data replace the whole header. The IV is a part of `data`.
[[nodiscard]] result<alg::control> parse_control(base::bytes data) noexcept;

} // namespace kcapi::preload
