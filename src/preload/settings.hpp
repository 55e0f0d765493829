// SPDX-License-Identifier: BSD-3-Clause
//
// What the environment asks for. Read once, with secure_getenv.
#pragma once

#include <cstdint>

namespace kcapi::preload {

enum class service : std::uint8_t {
    pass,   ///< AF_ALG is the kernel's: KCAPI_ENGINE=kernel, or a program that runs with raised rights
    local,  ///< served here
    refuse, ///< KCAPI_ENGINE has a value that means nothing: no algorithm is found
};

[[nodiscard]] service wanted_service() noexcept;

} // namespace kcapi::preload
