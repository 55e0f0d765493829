// SPDX-License-Identifier: BSD-3-Clause
//
// The factories of hashes, by what they are made of: 0 and a key, or EINVAL (a key that the algorithm does
// not take), ENOMEM, EIO. The suite must have what they ask of it, and lives as long as the process.
#pragma once

#include "drivers/openssl/hashes.hpp"
#include "local/driver.hpp"

namespace kcapi::openssl {

using hash_out = std::unique_ptr<local::hash_key>;

/// A digest without key.
[[nodiscard]] int make_digest(const hash_suite &hashes, digest d, hash_out &out) noexcept;

/// HMAC over a digest, key of any length; in FIPS mode of 14 bytes at least.
[[nodiscard]] int make_hmac(const hash_suite &hashes, digest d, base::bytes key, hash_out &out) noexcept;

/// CMAC over AES or triple DES, by the length of the key.
[[nodiscard]] int make_cmac(const hash_suite &hashes, base::bytes key, hash_out &out) noexcept;
[[nodiscard]] int make_cmac_des3(const hash_suite &hashes, base::bytes key, hash_out &out) noexcept;

/// Keyed BLAKE2 (RFC 7693) of `size` bytes; `which` is mac::blake2b or mac::blake2s.
[[nodiscard]] int make_blake2(const hash_suite &hashes, mac which, std::size_t size, base::bytes key,
                              hash_out &out) noexcept;

/// HMAC as the service of a provider.
[[nodiscard]] int make_hmac_service(const hash_suite &hashes, digest d, base::bytes key,
                                    hash_out &out) noexcept;

} // namespace kcapi::openssl
