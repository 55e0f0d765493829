// SPDX-License-Identifier: BSD-3-Clause
//
// What an engine says of a name: whether it binds, and its properties, as one line of text that the recorded
// lists consist of:
//
//   skcipher cbc(aes) keys=16,24,32 iv=16 block=16 chunk=16 unkeyed=no driver=cbc-aes-aesni
//   aead gcm(aes) keys=16,24,32 iv=12 block=1 tags=4,8,12-16 unkeyed=no driver=generic-gcm-aesni
//   hash crc32 keys=4 block=1 digest=4 unkeyed=yes driver=crc32-generic
//   rng stdrng keys=0-*64 seed=0 driver=drbg_nopr_hmac_sha512
//
// Sizes are found by trying them: keys of 0 to 300 bytes, seeds and tags of 0 to 64; "-*" says that the last
// one tried was taken too. For authenc and its kin enckeys are the lengths of the cipher's key inside the
// key.
#pragma once

#include "alg/engine.hpp"

#include <map>
#include <string>
#include <vector>

namespace kcapi::test {

struct name_record {
    std::string type;
    std::string name;
    std::map<std::string, std::string> properties;
};

/// The line's parts; throws std::runtime_error for a line of another form.
[[nodiscard]] name_record parse_record(const std::string &line);
[[nodiscard]] std::string text_of(const name_record &r);

/// The engine's record of a name, or the number that open fails with.
[[nodiscard]] result<name_record> probe(alg::engine &engine, const std::string &type,
                                        const std::string &name);

/// What differs: "iv=16 instead of 8". Who the driver is plays no part.
[[nodiscard]] std::vector<std::string> differences(const name_record &expected, const name_record &actual);

} // namespace kcapi::test
