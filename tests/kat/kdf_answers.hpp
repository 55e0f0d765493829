// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers of key derivation, from the files of NIST and of RFCs that Debian ships in
// python3-cryptography-vectors.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kcapi::test {

/// SP 800-108 in counter mode, by NIST's CAVP; only the layout that kcapi_kdf_ctr has: a counter of 32 bits
/// before the fixed data.
struct counter_answer {
    std::string where;
    std::string prf; ///< such as "hmac(sha256)"
    std::vector<std::uint8_t> key;
    std::vector<std::uint8_t> fixed;
    std::vector<std::uint8_t> out;
};
struct counter_answers {
    std::vector<counter_answer> usable;
    std::size_t total = 0; ///< in the file, those of other layouts included
};
[[nodiscard]] counter_answers read_counter_answers(const std::string &folder);

struct hkdf_answer {
    std::string where;
    std::string hash; ///< such as "sha256"
    std::vector<std::uint8_t> material;
    std::vector<std::uint8_t> salt;
    std::vector<std::uint8_t> info;
    std::vector<std::uint8_t> extracted; ///< empty if the file does not tell
    std::vector<std::uint8_t> out;
};
[[nodiscard]] std::vector<hkdf_answer> read_hkdf_answers(const std::string &folder);

/// Passwords and salts are text, of which a part may be NUL.
struct pbkdf_answer {
    std::string where;
    std::string hash; ///< such as "hmac(sha1)"
    std::string password;
    std::string salt;
    std::uint32_t iterations;
    std::vector<std::uint8_t> out;
};
/// RFC 6070 from its file, and those of RFC 3962 and RFC 7914.
[[nodiscard]] std::vector<pbkdf_answer> read_pbkdf_answers(const std::string &folder);

} // namespace kcapi::test
