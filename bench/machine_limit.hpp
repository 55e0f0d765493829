// SPDX-License-Identifier: BSD-3-Clause
//
// What the processor could do at most: the AES rounds of a mode and its arithmetic over registers, four
// blocks at once (VAES and AVX-512), without a message, a key schedule or a library.
#pragma once

#include "cases.hpp"

#include <optional>

namespace bench {

/// A contender that does as much work as the case, but computes nothing. None for modes other than ctr, cbc
/// decryption and xts, for other sizes than the one the goal names, and where the processor has no VAES on
/// 512 bits.
[[nodiscard]] std::optional<contender> machine_limit(const bench_case &c);

/// Empty, or why there are no limits here.
[[nodiscard]] const char *no_machine_limit() noexcept;

constexpr const char *limit_name = "limit";
constexpr std::size_t limit_size = 16384;

} // namespace bench
