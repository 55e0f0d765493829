// SPDX-License-Identifier: BSD-3-Clause
//
// The self test of a template instance that has no vectors: there are more names than known answers. Its
// parts have passed theirs, and the template's code passes those of the instances that have some.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// Whether what the instance encrypts it decrypts again, an aead notices what was changed, and a hash gives
/// one digest however the message is cut; under a key of a length that it takes. One that takes no key at all
/// passes: it cannot be used.
[[nodiscard]] bool is_consistent(const driver &instance) noexcept;

} // namespace kcapi::local
