// SPDX-License-Identifier: BSD-3-Clause
//
// The factories of this folder, one per driver: 0 and a key, or EINVAL (a length that the algorithm does not
// have), ENOMEM. `ciphers` must serve the mode and live as long as the process.
#pragma once

#include "drivers/openssl/suite.hpp"
#include "local/driver.hpp"

namespace kcapi::openssl {

[[nodiscard]] int make_block(const suite &ciphers, base::bytes key,
                             std::unique_ptr<local::cipher_key> &out) noexcept;

using skcipher_factory = int(const suite &ciphers, base::bytes key,
                             std::unique_ptr<local::skcipher_key> &out) noexcept;

[[nodiscard]] skcipher_factory make_ecb;
[[nodiscard]] skcipher_factory make_cbc;
[[nodiscard]] skcipher_factory make_ctr;
[[nodiscard]] skcipher_factory make_xts;
[[nodiscard]] skcipher_factory make_cts;

using aead_factory = int(const suite &ciphers, base::bytes key,
                         std::unique_ptr<local::aead_key> &out) noexcept;

[[nodiscard]] aead_factory make_gcm;
[[nodiscard]] aead_factory make_ccm;
[[nodiscard]] aead_factory make_chacha20_poly1305;
[[nodiscard]] aead_factory make_rfc7539esp;

} // namespace kcapi::openssl
