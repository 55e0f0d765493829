// SPDX-License-Identifier: BSD-3-Clause
//
// What AES modes must give, computed the plain way: OpenSSL's EVP with one context per message, and XTS also
// block by block from the standard. Slow, and without anything that the drivers under test do to be fast.
#pragma once

#include "local/driver.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kcapi::test {

using byte_vector = std::vector<std::uint8_t>;
using aes_block = std::array<std::uint8_t, 16>;

/// One message by EVP: "ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)" (not AES-192, nor equal halves in
/// encryption, nor above 16 MiB) or "cts(cbc(aes))". Throws std::runtime_error if OpenSSL refuses.
[[nodiscard]] byte_vector by_evp(std::string_view algorithm, local::direction d, base::bytes key,
                                 base::bytes iv, base::bytes in);

/// Whole blocks, each on its own.
[[nodiscard]] byte_vector by_single_blocks(local::direction d, base::bytes key, base::bytes in);

/// IEEE 1619, any AES, any key, any length from 16.
[[nodiscard]] byte_vector xts_by_blocks(local::direction d, base::bytes key, base::bytes iv, base::bytes in);

/// The tweak of block `index` of a message.
[[nodiscard]] aes_block xts_tweak(base::bytes key, base::bytes iv, std::uint64_t index);

/// The vectors of all tests that record the kernel's answers (af_alg.md, appendix A).
[[nodiscard]] byte_vector pattern_key(std::size_t size);
[[nodiscard]] byte_vector pattern_iv();
[[nodiscard]] byte_vector pattern_message(std::size_t size);

} // namespace kcapi::test
