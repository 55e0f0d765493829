// SPDX-License-Identifier: BSD-3-Clause
//
// The algorithms that have known answers, and who must be able to serve them.
#pragma once

#include <string>
#include <vector>

namespace kcapi::test {

struct algorithm {
    const char *name;
    bool chains;
    /// Who must be able to serve it in the local engine; a library's own mode, if there is one, comes first.
    std::vector<const char *> local_drivers;
    /// Who may be able to serve it in a kernel; which of them it has depends on version and processor.
    std::vector<const char *> kernel_drivers;
};

/// Those that NIST has vectors for, and cts.
[[nodiscard]] const std::vector<algorithm> &aes_algorithms();
/// The others.
[[nodiscard]] const std::vector<algorithm> &more_algorithms();

} // namespace kcapi::test
