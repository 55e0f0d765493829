// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel's driver names, which programs bind too: "cbc-aes-aesni", "ecb(aes-generic)", "sha256-lib". None
// of those drivers is here, so such a name means the algorithm that the driver implements.
#pragma once

#include "alg/name.hpp"

#include <optional>

namespace kcapi::local {

/// The algorithm's name; nothing if no part of `text` names a driver of the kernel.
[[nodiscard]] std::optional<alg::name> algorithm_of_kernel_driver(const alg::name &text);

} // namespace kcapi::local
