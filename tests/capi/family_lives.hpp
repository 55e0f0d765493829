// SPDX-License-Identifier: BSD-3-Clause
//
// The life of a handle of each family, as tests of scarcity and of signals want it: from init to destroy,
// with every result compared to what is right.
#pragma once

#include "capi/support.hpp"

namespace kcapi::test {

/// What a life returns if a result was wrong, other than an error.
constexpr ssize_t wrong_output = 1;

struct family_life {
    const char *name;
    /// 0 if everything was right, the first error of a call, or wrong_output. A call that was interrupted
    /// (-EINTR) is made again.
    ssize_t (*run)();
};

/// All of them. What they compare with is ready once this has been called.
const std::vector<family_life> &family_lives();

} // namespace kcapi::test
