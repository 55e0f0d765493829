// SPDX-License-Identifier: BSD-3-Clause
//
// The self-test vectors: those records of tests/kat/vectors that are marked for it, compiled in by
// cmake/selftest_vectors.py.
#pragma once

#include "base/bytes.hpp"

#include <span>

namespace kcapi::local {

/// Long enough for those that reach the paths a driver has for longer messages.
inline constexpr std::size_t longest_vector = 1024;

struct selftest_vector {
    const char *algorithm; ///< the kernel's name, "cbc(aes)"; a bare block cipher by its own, "aes"
    base::bytes key;
    base::bytes iv;         ///< empty where the algorithm has none
    base::bytes plaintext;  ///< hash: the message
    base::bytes ciphertext; ///< hash: the digest
    base::bytes assoc;      ///< aead
    base::bytes tag;        ///< aead
};

[[nodiscard]] std::span<const selftest_vector> selftest_vectors() noexcept;

} // namespace kcapi::local
