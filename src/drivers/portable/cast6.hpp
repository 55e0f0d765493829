// SPDX-License-Identifier: BSD-3-Clause
//
// CAST-256 (RFC 2612) with keys of 16, 20, 24, 28 and 32 bytes. Its tables are looked up by secrets: not
// constant time.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_cast6(const local::driver &self, base::bytes key,
                             std::unique_ptr<local::cipher_key> &out) noexcept;

} // namespace kcapi::portable
