// SPDX-License-Identifier: BSD-3-Clause
//
// XXH64 (Collet, the xxHash fast digest algorithm, 0.1.1). The key, eight bytes, is the seed, low byte first;
// without one it is 0. The digest is the number, low byte first.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_xxhash64(const local::driver &self, base::bytes key,
                                std::unique_ptr<local::hash_key> &out) noexcept;

} // namespace kcapi::portable
