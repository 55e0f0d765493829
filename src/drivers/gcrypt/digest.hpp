// SPDX-License-Identifier: BSD-3-Clause
//
// Digests, BLAKE2 with a key among them.
#pragma once

#include "local/driver.hpp"

namespace kcapi::gcrypt {

/// `self.data` is libgcrypt's number of the digest, an int; of a digest longer than the driver's the
/// beginning is taken. EINVAL, ENOMEM, EIO.
[[nodiscard]] int make_digest(const local::driver &self, base::bytes key,
                              std::unique_ptr<local::hash_key> &out) noexcept;

} // namespace kcapi::gcrypt
