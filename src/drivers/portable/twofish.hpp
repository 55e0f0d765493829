// SPDX-License-Identifier: BSD-3-Clause
//
// Twofish (Schneier, Kelsey, Whiting, Wagner, Hall, Ferguson, 1998) with keys of 16, 24 and 32 bytes.
// Libraries that Debian has take 16 and 32 only. Its tables are looked up by secrets: not constant time.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_twofish(const local::driver &self, base::bytes key,
                               std::unique_ptr<local::cipher_key> &out) noexcept;

} // namespace kcapi::portable
