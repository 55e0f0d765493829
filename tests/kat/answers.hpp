// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers, read from our own vector files and from NIST's.
#pragma once

#include "capi/support.hpp"

#include <map>
#include <string>
#include <vector>

namespace kcapi::test {

struct known_answer {
    std::string where; ///< file:line
    octets key;
    octets iv;
    octets plaintext;
    octets ciphertext;
};

/// By algorithm, such as "cbc(aes)".
using answers = std::map<std::string, std::vector<known_answer>>;

/// All records of our own vector files, from KCAPI_VECTORS_DIR or the source tree. Throws if there are none.
answers own_answers();

/// All records of NIST's CAVP files that Debian ships in python3-cryptography-vectors, from KCAPI_CAVP_DIR or
/// where the package puts them. Throws if they are not there: install the package.
answers cavp_answers();

} // namespace kcapi::test
