// SPDX-License-Identifier: BSD-3-Clause
//
// ALG_SET_KEY_BY_KEY_SERIAL: a key out of the kernel's keyrings, as far as a process can read it there.
#pragma once

#include "alg/engine.hpp"

#include <sys/socket.h>

namespace kcapi::preload {

/// 0 or a negative errno. Only keys of type "user" can be read back; for others ENOPROTOOPT, which is what a
/// kernel without the option says.
[[nodiscard]] long set_key_of_keyring(alg::transform &t, const void *value, socklen_t size);

} // namespace kcapi::preload
