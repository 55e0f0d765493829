// SPDX-License-Identifier: BSD-3-Clause
//
// Making handles: common to the init functions of all families.
#pragma once

#include "capi/handle.hpp"
#include "runtime/runtime.hpp"

namespace kcapi::capi {

/// Opens an algorithm; on failure the one line that fail() logs says what was asked for and what to do.
[[nodiscard]] result<runtime::opened>
open_algorithm(alg::kind type, const char *name, std::optional<runtime::engine_choice> choice = std::nullopt);

/// Opens `name` and stores a new handle. `*handle` is written on success only.
[[nodiscard]] result<void> open_handle(kcapi_handle **handle, alg::kind type, const char *name,
                                       std::optional<runtime::engine_choice> choice = std::nullopt);

/// Ends a handle of any family; NULL and a handle destroyed before are passed over.
void destroy_handle(kcapi_handle *handle) noexcept;

/// kcapi_*_setkey.
[[nodiscard]] result<void> set_key(kcapi_handle &handle, const uint8_t *key, uint32_t key_len);

} // namespace kcapi::capi
