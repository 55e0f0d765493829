// SPDX-License-Identifier: BSD-3-Clause
//
// fcrypt, the cipher of Rx security in AFS (rxkad): blocks and keys of 8 bytes, of which the lowest bit of
// each key byte plays no part. Weak by design and of 1988; here for those who must read what it protects. Its
// tables are looked up by secrets: not constant time.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_fcrypt(const local::driver &self, base::bytes key,
                              std::unique_ptr<local::cipher_key> &out) noexcept;

} // namespace kcapi::portable
