// SPDX-License-Identifier: BSD-3-Clause
//
// A self-test vector against a hash driver: the plaintext is the message, the ciphertext the digest.
#pragma once

#include "local/driver.hpp"
#include "local/selftest_vectors.hpp"

namespace kcapi::local {

[[nodiscard]] bool check_hash(const driver &d, const selftest_vector &v) noexcept;
[[nodiscard]] bool check_hash_batch(const driver &d, const selftest_vector &v) noexcept;

} // namespace kcapi::local
