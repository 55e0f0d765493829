// SPDX-License-Identifier: BSD-3-Clause
//
// The header of --aead-format=file; kcapi-enc(1) shows it byte by byte. It is authenticated as a whole: it
// is the beginning of the associated data.
#pragma once

#include "enc_options.hpp"

namespace kcapi::tools {

struct enc_file_header {
    key_derivation kdf = key_derivation::none;
    std::size_t key_length = 0; ///< of a derived key
    std::size_t tag_length = 0;
    std::uint32_t iterations = 0;
    std::string cipher;
    std::string mac;
    std::vector<std::uint8_t> salt;
    std::vector<std::uint8_t> iv;
    std::vector<std::uint8_t> aad;
};

/// Fails with EINVAL if something is too long for its field.
[[nodiscard]] std::vector<std::uint8_t> write_header(const enc_file_header &h);

/// Reads the header from the beginning of the input; `as_read` are its bytes. Fails with EBADMSG if this is
/// none, or one of a version that is not known.
[[nodiscard]] enc_file_header read_header(const struct input &from, std::vector<std::uint8_t> &as_read);

} // namespace kcapi::tools
