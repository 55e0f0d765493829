// SPDX-License-Identifier: BSD-3-Clause
//
// libcrypto's authenticated ciphers of the kind that takes a message in any pieces (GCM, ChaCha20-Poly1305):
// one context per direction, keyed on first use; a message gives it a new IV and nothing else.
#pragma once

#include "base/secret.hpp"
#include "drivers/openssl/stream.hpp"

namespace kcapi::openssl {

/// A stream that also authenticates. After set_iv: assoc, update, then the tag.
class aead_stream : public stream {
  public:
    [[nodiscard]] int assoc(base::bytes data) noexcept;
    /// Encryption: ends the message, gives its tag.
    [[nodiscard]] int make_tag(base::mutable_bytes tag) noexcept;
    /// Decryption: ends the message; EBADMSG if the tag is not its.
    [[nodiscard]] int check_tag(base::bytes tag) noexcept;
};

class streamed_aead : public local::aead_context {
  public:
    /// `cipher` must serve keys of this length.
    streamed_aead(const EVP_CIPHER *cipher, base::secret_buffer &&key) noexcept
        : cipher_(cipher), key_(std::move(key)) {}

    int encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept override;
    int decrypt(const local::aead_message &m, base::bytes tag) noexcept override;

  private:
    /// All of a message but its tag.
    [[nodiscard]] int process(local::direction d, const local::aead_message &m) noexcept;
    [[nodiscard]] aead_stream &side(local::direction d) noexcept {
        return sides_[static_cast<std::size_t>(d)];
    }

    const EVP_CIPHER *const cipher_;
    const base::secret_buffer key_;
    std::array<aead_stream, 2> sides_;
};

} // namespace kcapi::openssl
