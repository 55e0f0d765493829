// SPDX-License-Identifier: BSD-3-Clause
//
// essiv(cbc(X),H): CBC whose IV is the encryption, under the salt H(key), of the IV given. What a pass leaves
// is the last ciphertext block, which the next pass encrypts again: it does not continue the message, and
// neither does the kernel's.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

bool fill_essiv(driver &instance) noexcept;

} // namespace kcapi::local
