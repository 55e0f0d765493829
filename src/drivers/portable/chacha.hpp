// SPDX-License-Identifier: BSD-3-Clause
//
// chacha20 (RFC 8439 section 2.4), xchacha20 and xchacha12 (draft-irtf-cfrg-xchacha-03, and the same with 12
// rounds) with the kernel's IVs: for chacha20 the words 12 to 15 of the state, so the first four bytes are
// the block counter, little-endian; for the other two 24 bytes of nonce and eight of words 12 and 13. The
// counter is 32 bits wide and does not carry. The IV is not moved.
//
// Additions, rotations and exclusive-ors only: constant time.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_chacha20(const local::driver &self, base::bytes key,
                                std::unique_ptr<local::skcipher_key> &out) noexcept;
[[nodiscard]] int make_xchacha20(const local::driver &self, base::bytes key,
                                 std::unique_ptr<local::skcipher_key> &out) noexcept;
[[nodiscard]] int make_xchacha12(const local::driver &self, base::bytes key,
                                 std::unique_ptr<local::skcipher_key> &out) noexcept;

} // namespace kcapi::portable
