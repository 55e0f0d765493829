// SPDX-License-Identifier: BSD-3-Clause
//
// Hashes many files: several at once on several processors, small ones as batches of whole messages, large
// ones with a thread that reads ahead. The outcomes come in the order of the names.
#pragma once

#include "handle.hpp"
#include "secret.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kcapi::tools {

struct hash_kind {
    std::string algorithm; ///< such as "hmac(sha256)"
    std::optional<secret> key;
};

/// A handle with the key. Fails with the original's status: 242 without the algorithm, 234 for a key that is
/// refused.
[[nodiscard]] handle open_hash(const hash_kind &kind);

struct file_digest {
    std::vector<std::uint8_t> digest;
    int error = 0; ///< errno value; `digest` is empty then
};

/// `done` is called for each name in order, from the calling thread. "-" is stdin. `jobs` 0: as many as there
/// are processors.
void hash_files(const handle &hash, std::span<const std::string> names, std::size_t jobs,
                const std::function<void(std::size_t, file_digest)> &done);

/// One file, or a descriptor to its end.
[[nodiscard]] file_digest hash_file(const handle &hash, const std::string &name);

} // namespace kcapi::tools
