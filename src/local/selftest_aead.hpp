// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "local/driver.hpp"
#include "local/selftest_vectors.hpp"

namespace kcapi::local {

/// Whether an aead driver gets a vector right in both directions, refuses it with another tag and then leaves
/// nothing of the plaintext. The texts of `v` are not longer than longest_vector.
[[nodiscard]] bool passes_aead_vector(const driver &d, const selftest_vector &v) noexcept;

} // namespace kcapi::local
