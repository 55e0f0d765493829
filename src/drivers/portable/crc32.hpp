// SPDX-License-Identifier: BSD-3-Clause
//
// crc32 and crc32c as the kernel has them: the key, four bytes, is the register before the message.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_crc32(const local::driver &self, base::bytes key,
                             std::unique_ptr<local::hash_key> &out) noexcept;
[[nodiscard]] int make_crc32c(const local::driver &self, base::bytes key,
                              std::unique_ptr<local::hash_key> &out) noexcept;

} // namespace kcapi::portable
