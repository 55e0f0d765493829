// SPDX-License-Identifier: BSD-3-Clause
//
// AEGIS-128 (Wu and Preneel, the CAESAR competition's version 1.1): keys, IVs and the longest tags of 16
// bytes. The round function of AES is a table looked up by secrets: not constant time.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_aegis128(const local::driver &self, base::bytes key,
                                std::unique_ptr<local::aead_key> &out) noexcept;

} // namespace kcapi::portable
