// SPDX-License-Identifier: BSD-3-Clause
//
// The right answer, from libcrypto, called the ordinary way: one message, one context.
#pragma once

#include "capi/support.hpp"

#include <string>

namespace kcapi::test {

enum class way { encrypt, decrypt };

/// One message under "ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)" or "cts(cbc(aes))". Throws if libcrypto
/// refuses.
octets reference(const std::string &name, way direction, const octets &key, const octets &iv,
                 const octets &in);

} // namespace kcapi::test
