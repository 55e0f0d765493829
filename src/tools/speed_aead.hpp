// SPDX-License-Identifier: BSD-3-Clause
//
// Calls of authenticated encryption for kcapi-speed.
#pragma once

#include "speed_buffers.hpp"

namespace kcapi::tools {

/// The handle has its key; its tag and associated data are set here. For decryption messages with a right
/// tag are made first.
[[nodiscard]] call aead_call(const series &s, const shared_handle &h, std::size_t size,
                             const call_shape &shape);

} // namespace kcapi::tools
