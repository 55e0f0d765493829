// SPDX-License-Identifier: BSD-3-Clause
//
// The text of /proc/crypto.
#pragma once

#include "alg/engine.hpp"

#include <string>

namespace kcapi::preload {

/// A record for each algorithm, as Linux 6.12 writes them: names of fields padded to a colon, an empty line
/// behind each record. May throw std::bad_alloc.
[[nodiscard]] std::string proc_crypto_text(alg::engine &engine);

} // namespace kcapi::preload
