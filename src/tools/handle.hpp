// SPDX-License-Identifier: BSD-3-Clause
//
// A handle of the C API. The tools use it where the C++ API is too careful for what the original's tools do:
// a message that goes on from the IV of the one before, IVs that are filled up or cut.
#pragma once

#include "failure.hpp"

#include <kcapi/bytes.hpp>
#include <kcapi_ext.h>

#include <memory>
#include <vector>

namespace kcapi::tools {

struct destroy_handle {
    void operator()(kcapi_handle *h) const noexcept { kcapi_cipher_destroy(h); } // of any family
};
using handle = std::unique_ptr<kcapi_handle, destroy_handle>;

/// Fails with what init returned.
[[nodiscard]] handle open_algorithm(const char *type, const std::string &name);

[[nodiscard]] kcapi_ext_algorithm describe(const handle &h) noexcept;

/// The IV as long as the algorithm has it: filled up with zeros, or cut. Zeros for none.
[[nodiscard]] std::vector<std::uint8_t> fitted_iv(const handle &h, bytes iv);

/// The hint for a key that was refused.
[[nodiscard]] std::string key_hint(const handle &h);

} // namespace kcapi::tools
