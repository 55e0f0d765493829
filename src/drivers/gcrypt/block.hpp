// SPDX-License-Identifier: BSD-3-Clause
//
// Bare block ciphers, as parts for templates.
#pragma once

#include "local/driver.hpp"

namespace kcapi::gcrypt {

/// libgcrypt has a number of its own for each length of a key of some ciphers.
struct block_cipher {
    int (*number)(std::size_t key_size) noexcept; ///< 0: the length is none of the cipher's
    std::size_t block_size = 16;
    /// Shorter keys are filled up to this length: the lowest bit of the next byte, then zeros.
    std::size_t filled_key_size = 0;
};

/// `self.data` is the block_cipher. EINVAL, ENOMEM, EIO.
[[nodiscard]] int make_block(const local::driver &self, base::bytes key,
                             std::unique_ptr<local::cipher_key> &out) noexcept;

} // namespace kcapi::gcrypt
