// SPDX-License-Identifier: BSD-3-Clause
//
// Every way of the C interface from one message to its result. To add one: a function here and a line in
// all_paths().
#pragma once

#include "capi/support.hpp"

#include <random>
#include <string>
#include <vector>

namespace kcapi::test {

struct job {
    kcapi_handle *handle;
    bool encrypts;
    bool chains; ///< a streamed message may be collected in pieces
    const octets &iv;
    const octets &in;
    std::mt19937 &random;
};

struct path {
    const char *name;
    /// The output, or nothing after a test failure.
    octets (*run)(const job &j);
};

const std::vector<path> &all_paths();

} // namespace kcapi::test
