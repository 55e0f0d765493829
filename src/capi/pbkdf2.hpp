// SPDX-License-Identifier: BSD-3-Clause
//
// PBKDF2 (RFC 8018, section 5.2) over the seam, and the search for an iteration count that takes a given
// time. Apart from the functions of kcapi.h, so that both can be tested with any hash and any clock.
#pragma once

#include "alg/engine.hpp"

namespace kcapi::capi {

/// The longest digest that is taken: that of SHA-512.
inline constexpr std::size_t max_prf_size = 64;

/// Fills `key`. The password is the key of `prf`, a keyed hash with a digest of 1 to max_prf_size bytes;
/// `count` is not 0. On failure `key` holds parts of a result.
[[nodiscard]] result<void> pbkdf2(alg::transform &prf, base::bytes salt, std::uint32_t count,
                                  base::mutable_bytes key);

/// Runs a derivation with so many iterations and gives the nanoseconds that it took.
using measure_iterations = std::function<result<std::uint64_t>(std::uint32_t count)>;

/// The smallest power of two, at least 2^16, whose derivation takes longer than `threshold` nanoseconds (0:
/// 2^27 of them) twice in a row. ERANGE if no count takes so long, or the error of `measure`.
[[nodiscard]] result<std::uint32_t> iterations_for(std::uint64_t threshold,
                                                   const measure_iterations &measure);

} // namespace kcapi::capi
