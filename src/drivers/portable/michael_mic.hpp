// SPDX-License-Identifier: BSD-3-Clause
//
// Michael, the message integrity code of TKIP (IEEE 802.11-2016, 12.5.2.3); a key of 8 bytes. It is weak by
// design and was so when it was new.
#pragma once

#include "local/driver.hpp"

namespace kcapi::portable {

[[nodiscard]] int make_michael_mic(const local::driver &self, base::bytes key,
                                   std::unique_ptr<local::hash_key> &out) noexcept;

} // namespace kcapi::portable
