// SPDX-License-Identifier: BSD-3-Clause
//
// What kcapi-enc was told to do.
#pragma once

#include "key_options.hpp"
#include "progress.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kcapi::tools {

/// How an AEAD message lies in files.
enum class aead_format : std::uint8_t {
    kcapi,  ///< the original's: AAD, ciphertext, tag; ciphertext alone to decrypt
    joined, ///< ciphertext, tag; both ways
    file    ///< with a header that has all but the password; enc_file.hpp
};

enum class key_derivation : std::uint8_t { none = 0, pbkdf2 = 1, hkdf = 2 };

struct enc_options {
    std::string cipher;
    bool decrypt = false;
    const char *in = nullptr;
    const char *out = nullptr;
    std::optional<std::vector<std::uint8_t>> iv;
    std::optional<std::vector<std::uint8_t>> ccm_nonce;
    std::optional<std::vector<std::uint8_t>> aad;
    std::optional<std::vector<std::uint8_t>> tag;
    std::size_t tag_length = 0; ///< 0: not given
    std::optional<aead_format> format;
    std::optional<key_derivation> kdf;
    bool keep_padding = false;
    bool pkcs7 = false;
    progress_mode shown = progress_mode::automatic;
    key_source key;

    [[nodiscard]] bool aead() const noexcept { return aad.has_value() || format.has_value(); }
};

[[nodiscard]] std::string enc_help();

/// Nothing if the text of --version or --help was asked for and written; `status` is main's then. A mistake
/// fails with status 1.
[[nodiscard]] std::optional<enc_options> parse_enc_options(int argc, char **argv, int &status);

} // namespace kcapi::tools
