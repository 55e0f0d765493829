// SPDX-License-Identifier: BSD-3-Clause
//
// Checksums without key, and what is a hash to the kernel's interface alone.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

/// The 16-bit CRC of T10's Data Integrity Field, low byte first.
[[nodiscard]] int make_crct10dif(const local::driver &self, base::bytes key,
                                 std::unique_ptr<local::hash_key> &out) noexcept;
/// The 64-bit CRC of the NVM Express specification ("Rocksoft"), low byte first.
[[nodiscard]] int make_crc64(const local::driver &self, base::bytes key,
                             std::unique_ptr<local::hash_key> &out) noexcept;
/// A digest of no bytes, under any key.
[[nodiscard]] int make_digest_null(const local::driver &self, base::bytes key,
                                   std::unique_ptr<local::hash_key> &out) noexcept;

} // namespace kcapi::portable
