// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers of aead algorithms: our own files, and those that Debian ships in
// python3-cryptography-vectors: NIST's CAVP files of GCM and CCM, and those of ChaCha20-Poly1305.
#pragma once

#include "support/vectors.hpp"

#include <map>

namespace kcapi::test {

struct aead_answer {
    std::string where; ///< file:line
    std::vector<std::uint8_t> key;
    std::vector<std::uint8_t> iv; ///< as the kernel takes it
    std::vector<std::uint8_t> assoc;
    std::vector<std::uint8_t> plaintext; ///< empty if not authentic
    std::vector<std::uint8_t> ciphertext;
    std::vector<std::uint8_t> tag;
    bool authentic = true; ///< if not: decryption has to refuse it
};

/// By algorithm, such as "gcm(aes)".
using aead_answers = std::map<std::string, std::vector<aead_answer>>;

/// The records of our own vector files in `folder` that have a tag.
[[nodiscard]] aead_answers own_aead_answers(const std::string &folder);

/// `folder` holds AES/GCM, AES/CCM and ChaCha20Poly1305. IVs of GCM that are not 12 bytes long are left out:
/// the kernel's gcm has none. Throws vector_error for a file that is not there.
[[nodiscard]] aead_answers public_aead_answers(const std::string &folder);

} // namespace kcapi::test
