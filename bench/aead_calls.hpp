// SPDX-License-Identifier: BSD-3-Clause
//
// Messages of an aead, each with its IV: ciphertext and behind it the tag.
#pragma once

#include "calls.hpp"

namespace bench {

/// By kcapi_ext_batch, a message per call.
[[nodiscard]] batch kcapi_seal(const bench_case &c, const buffers &data);
/// With a context that is restarted by the IV alone.
[[nodiscard]] batch evp_seal(const bench_case &c, const buffers &data);

} // namespace bench
