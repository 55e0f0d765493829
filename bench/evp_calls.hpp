// SPDX-License-Identifier: BSD-3-Clause
//
// The same work as a program would do it that calls OpenSSL itself: cipher fetched once, context keyed once.
#pragma once

#include "calls.hpp"

namespace bench {

/// A message: EVP_CipherInit_ex with nothing but the IV, EVP_CipherUpdate. Without an IV the update alone.
[[nodiscard]] batch evp_message(const bench_case &c, const buffers &data);
/// EVP_CipherUpdate with one piece after the other; in a mode that does not continue, a message per piece.
[[nodiscard]] batch evp_pieces(const bench_case &c, const buffers &data);
/// The messages of a batch, one after another.
[[nodiscard]] batch evp_messages(const bench_case &c, const buffers &data);
/// EVP_CIPHER_CTX_new, EVP_CipherInit_ex with key and IV, EVP_CIPHER_CTX_free.
[[nodiscard]] batch evp_set_up(const bench_case &c);

} // namespace bench
