// SPDX-License-Identifier: BSD-3-Clause
//
// A message under way in a digest of libcrypto. SHA-1 and SHA-2 are computed by the functions of their own,
// on a state that lies here: EVP takes memory for every message and every copy, which for short messages
// costs more than hashing them. All else, and whatever a provider of the user's choice is to compute, goes by
// EVP.
#pragma once

#include "base/bytes.hpp"
#include "drivers/openssl/hashes.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <memory>

namespace kcapi::openssl {

/// Of an algorithm on a state of its own; defined where it is used.
struct plain_digest;

class md_state {
  public:
    /// Stands in no message. `md` is what the suite has for `d`.
    md_state(const hash_suite &hashes, digest d) noexcept;
    ~md_state();
    md_state(const md_state &) = delete;
    md_state &operator=(const md_state &) = delete;
    /// To an object of the same digest, or a new one.
    md_state(md_state &&from) noexcept;
    md_state &operator=(md_state &&) = delete;

    /// Another one of the same digest that stands in no message.
    [[nodiscard]] md_state fresh() const noexcept { return {md_, plain_}; }

    [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(EVP_MD_get_size(md_)); }
    [[nodiscard]] std::size_t block_size() const noexcept {
        return static_cast<std::size_t>(EVP_MD_get_block_size(md_));
    }

    // Each says whether libcrypto succeeded.
    [[nodiscard]] bool begin() noexcept;
    [[nodiscard]] bool update(base::bytes data) noexcept;
    /// Writes size() bytes; then it stands in no message.
    [[nodiscard]] bool finish(std::uint8_t *out) noexcept;
    /// Goes on where `from`, of the same digest, stands.
    [[nodiscard]] bool copy(const md_state &from) noexcept;

  private:
    md_state(const EVP_MD *md, const plain_digest *plain) noexcept : md_(md), plain_(plain) {}
    [[nodiscard]] bool has_context() noexcept;

    struct deleter {
        void operator()(EVP_MD_CTX *context) const noexcept { EVP_MD_CTX_free(context); }
    };
    union plain_state {
        SHA_CTX sha1;
        SHA256_CTX sha256;
        SHA512_CTX sha512;
    };

    const EVP_MD *md_;
    const plain_digest *plain_; ///< null: by EVP
    plain_state state_{};
    std::unique_ptr<EVP_MD_CTX, deleter> context_; ///< with EVP, from the first use on

    friend struct plain_digest;
};

} // namespace kcapi::openssl
