// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-enc with a symmetric cipher: one message of any length.
#pragma once

#include "enc_options.hpp"
#include "output.hpp"
#include "secret.hpp"

namespace kcapi::tools {

void crypt_with_cipher(const enc_options &o, const secret &key, const input &in, output &out);

} // namespace kcapi::tools
