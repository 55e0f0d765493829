// SPDX-License-Identifier: BSD-3-Clause
//
// SHA-1, SHA-256 and SHA-384 of libcrypto as hash drivers, for tests of what is built over hashes.
#pragma once

#include "local/driver.hpp"

namespace kcapi::test {

/// "sha1", "sha256", "sha384"; the driver's name ends in "-test".
[[nodiscard]] const local::module *hash_module();

} // namespace kcapi::test
