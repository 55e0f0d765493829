// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-enc with authentication: nothing is written unless the whole message was processed, and verified.
#pragma once

#include "enc_options.hpp"
#include "output.hpp"

namespace kcapi::tools {

void crypt_with_aead(enc_options &o, const input &in, output &out);

} // namespace kcapi::tools
