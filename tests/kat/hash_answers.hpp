// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers of hashes, read from our own vector files and from NIST's and others that Debian ships in
// python3-cryptography-vectors.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kcapi::test {

class record;

struct hash_answer {
    std::string where;                            ///< file:line
    std::optional<std::vector<std::uint8_t>> key; ///< absent: the hash is used without one
    std::vector<std::uint8_t> message;
    std::vector<std::uint8_t> digest; ///< may be the beginning of it
};

/// By algorithm, such as "hmac(sha256)".
using hash_answers = std::map<std::string, std::vector<hash_answer>>;

/// Whether a record of our own files is one of a hash; if so it is read, into `to` unless that is null.
bool read_hash_record(record &r, hash_answers *to);

/// All records of hashes of our own files below `folder`. Throws if there are none.
[[nodiscard]] hash_answers own_hash_answers(const std::string &folder);

/// Short and long messages of the SHA families, HMAC, CMAC and the rest, below `folder`, which is that of the
/// package. Throws if it is not there.
[[nodiscard]] hash_answers published_hash_answers(const std::string &folder);

/// NIST's Monte Carlo test (SHAVS 6.4, SHA3VS 6.2.3): 100 checkpoints of 1000 digests each.
struct monte_carlo {
    std::string algorithm;
    std::vector<std::uint8_t> seed;
    std::vector<std::vector<std::uint8_t>> checkpoints;
};
[[nodiscard]] std::vector<monte_carlo> monte_carlo_tests(const std::string &folder);

} // namespace kcapi::test
