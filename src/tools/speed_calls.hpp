// SPDX-License-Identifier: BSD-3-Clause
//
// The calls that kcapi-speed times.
#pragma once

#include "speed_plan.hpp"

#include <measure/sampling.hpp>

namespace kcapi::tools {

/// A handle with a key and buffers of its own, in work that calls the library with them, so that several
/// threads can have one each. A call has shape.messages() messages of `size` bytes. One call was made when
/// it is returned. Fails with the number of the call; so does the work.
[[nodiscard]] measure::work calls_of(const series &s, std::size_t size, const call_shape &shape);

/// "hmac(sha256)" of "pbkdf2(hmac(sha256))" and "hkdf(hmac(sha256))"; "" for another name.
[[nodiscard]] std::string hash_of_derivation(const std::string &name);

/// Of PBKDF2, in each call.
inline constexpr std::uint32_t derivation_rounds = 1000;

} // namespace kcapi::tools
