// SPDX-License-Identifier: BSD-3-Clause
//
// The same encryption by the program `openssl enc`, for comparison.
#pragma once

#include "files.hpp"

#include <string_view>

namespace example {

/// The option of `openssl enc` for a kernel name and AES-256; nullptr if enc does not have that mode.
[[nodiscard]] const char *openssl_cipher(std::string_view name);

/// Whether `openssl enc` makes `ciphertext` of `plaintext`. Both are read from their beginning; the
/// ciphertext of openssl comes through a pipe and is stored nowhere.
[[nodiscard]] bool openssl_agrees(const char *cipher, std::span<const std::uint8_t> key,
                                  std::span<const std::uint8_t> iv, const file &plaintext,
                                  const file &ciphertext);

} // namespace example
