// SPDX-License-Identifier: BSD-3-Clause
//
// What the functions of kcapi_ext.h share.
#pragma once

#include "runtime/runtime.hpp"

#include <kcapi_ext.h>

#include <cerrno>
#include <optional>

namespace kcapi::capi {

/// The engine that a caller names; nothing for the default. EINVAL for an unknown value.
[[nodiscard]] inline result<std::optional<runtime::engine_choice>>
choice_of(enum kcapi_ext_engine engine) noexcept {
    using choice = std::optional<runtime::engine_choice>;
    switch (engine) {
    case KCAPI_EXT_ENGINE_DEFAULT:
        return choice();
    case KCAPI_EXT_ENGINE_AUTO:
        return choice(runtime::engine_choice::automatic);
    case KCAPI_EXT_ENGINE_KERNEL:
        return choice(runtime::engine_choice::kernel);
    case KCAPI_EXT_ENGINE_LOCAL:
        return choice(runtime::engine_choice::local);
    }
    return error{EINVAL, "unknown engine"};
}

} // namespace kcapi::capi
