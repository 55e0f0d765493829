// SPDX-License-Identifier: BSD-3-Clause
//
// An engine of toys for tests of the C functions of aead, rng and kdf, with AF_ALG's behaviour at the seam:
// also that which libkcapi's callers must never meet. A program that links toy_runtime.cpp gets them from
// every init function, in place of the real engines. Names:
//
//   aead  toy-aead       key of 1 to 32 bytes, IV of 12, tags of 4 to 16 bytes, block size 1
//         toy-aead-16    the same with block size 16;  toy-aead-0  with block size 0
//   hash  sha256, hmac(sha256) and so on: the real ones, by libcrypto, without and with key
//         toy-hash-0 and toy-hash-65 have digests of so many bytes;  hmac(toy-fast) does PBKDF2 by itself
//   rng   toy-rng        bytes that count from the seed's first on, 128 at a time; must be seeded; takes
//                        entropy once, and adds each byte of additional data to what comes next
//         stdrng         the same with seeds of plan.seed_size bytes
#pragma once

#include "alg/engine.hpp"

#include <memory>
#include <vector>

namespace kcapi::test {

inline constexpr std::uint32_t no_stdrng = 0xffffffff; ///< as plan.seed_size
inline constexpr std::size_t toy_iv_size = 12;
inline constexpr std::uint32_t toy_tag_size = 16;

/// What the toys shall do wrong, and what they were asked. One for the program; reset() at the start of a
/// test.
struct toy_plan {
    int fail_call = 0; ///< this send or receive of a hash or generator (from 1 on) fails with EIO
    bool dry = false;  ///< the generator gives nothing
    bool keep_buffer_sizes = false; ///< an aead operation ignores set_buffers
    std::uint32_t seed_size = 0;    ///< of stdrng
    std::uint32_t delay_ms = 0;     ///< hmac(toy-fast) sleeps so long for each pbkdf2 and derives nothing
    int opens = 0;
    int calls = 0;   ///< sends and receives of hashes and generators, and messages of hashes in one go
    int batches = 0; ///< calls of submit
    int derived = 0; ///< calls of pbkdf2 that were not refused
    std::vector<std::uint8_t> seed{}; ///< the last one

    void reset() noexcept { *this = {}; }
};
extern toy_plan plan;

[[nodiscard]] std::shared_ptr<alg::transform> make_toy_aead(std::uint32_t block_size);
/// Null if libcrypto has no such hash.
[[nodiscard]] std::shared_ptr<alg::transform> make_toy_hash(std::string_view name);
[[nodiscard]] std::shared_ptr<alg::transform> make_toy_rng(const char *name, std::uint32_t seed_size);

/// The output of encryption by toy-aead, computed apart from it: associated data, ciphertext, tag.
[[nodiscard]] std::vector<std::uint8_t> toy_seal(base::bytes key, base::bytes iv, base::bytes assoc,
                                                 base::bytes plain, std::size_t tag_size);

} // namespace kcapi::test
