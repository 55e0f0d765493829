// SPDX-License-Identifier: BSD-3-Clause
//
// What a failure of a digest in libcrypto means as an errno value.
#pragma once

#include <cerrno>

namespace kcapi::openssl {

/// 0 if libcrypto succeeded. Who ran out of memory in there leaves word in errno, which must have been 0.
[[nodiscard]] inline int outcome_of(bool succeeded) noexcept {
    return succeeded ? 0 : errno == ENOMEM ? ENOMEM : EIO;
}

} // namespace kcapi::openssl
