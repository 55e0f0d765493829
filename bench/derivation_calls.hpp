// SPDX-License-Identifier: BSD-3-Clause
//
// PBKDF2, which has no message: the size of a case is its number of iterations, and a call derives one block.
#pragma once

#include "calls.hpp"

namespace bench {

[[nodiscard]] batch kcapi_derivation(const bench_case &c, const buffers &data);
[[nodiscard]] batch evp_derivation(const bench_case &c, const buffers &data);

} // namespace bench
