// SPDX-License-Identifier: BSD-3-Clause
//
// The factories of this folder. EINVAL for a length of key that AES does not have, ENOMEM.
#pragma once

#include "drivers/ipsecmb/managers.hpp"
#include "local/driver.hpp"

namespace kcapi::ipsecmb {

[[nodiscard]] int make_gcm(const local::driver &self, base::bytes key,
                           std::unique_ptr<local::aead_key> &out) noexcept;
[[nodiscard]] int make_ctr(const local::driver &self, base::bytes key,
                           std::unique_ptr<local::skcipher_key> &out) noexcept;
[[nodiscard]] int make_cbc(const local::driver &self, base::bytes key,
                           std::unique_ptr<local::skcipher_key> &out) noexcept;

/// `self.data` is a hash_algorithm.
[[nodiscard]] int make_sha_batch(const local::driver &self, base::bytes,
                                 std::unique_ptr<local::hash_batch_key> &out) noexcept;
[[nodiscard]] int make_hmac_batch(const local::driver &self, base::bytes key,
                                  std::unique_ptr<local::hash_batch_key> &out) noexcept;

/// SHA-1 or SHA-2 in the library's terms.
struct hash_algorithm {
    IMB_HASH_ALG plain;
    IMB_HASH_ALG hmac;
    std::size_t block_size;
    std::size_t digest_size;
    hash_one_block_t IMB_MGR::*one_block; ///< the state after the first block of a message
    hash_fn_t IMB_MGR::*whole;            ///< the digest of a message
    std::size_t widest_from;              ///< so many messages are faster in the widest registers

    [[nodiscard]] lanes lanes_for(std::size_t messages) const noexcept {
        return messages >= widest_from ? lanes::widest : lanes::sha_instructions;
    }
};

} // namespace kcapi::ipsecmb
