// SPDX-License-Identifier: BSD-3-Clause
//
// CBC under one key, each message from any IV; what cbc and cts are made of.
//
// A libcrypto context that did CBC stands at the last ciphertext block. A message with another IV does not
// need a new IV there, which costs more than the message if that is small: as CBC adds the IV to one block
// only, the difference between the IV wanted and the block stood at can be added to that block here.
#pragma once

#include "drivers/openssl/stream.hpp"

namespace kcapi::openssl {

class cbc_stream {
  public:
    /// The key stays the owner's and must outlive this.
    cbc_stream(const suite &ciphers, base::bytes key) noexcept : ciphers_(ciphers), key_(key) {}

    /// `length` is a multiple of the block. After success `iv` is the last ciphertext block.
    [[nodiscard]] int crypt(local::direction d, block &iv, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t length) noexcept;

  private:
    struct side {
        stream context;
        block position{};     ///< the block that the context will add to the next one
        bool certain = false; ///< whether it does; not after a failure
    };

    [[nodiscard]] int prepare(side &s, local::direction d, const block &iv) noexcept;
    [[nodiscard]] static int encrypt(side &s, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                                     std::size_t length) noexcept;
    [[nodiscard]] static int decrypt(side &s, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                                     std::size_t length) noexcept;

    const suite &ciphers_;
    base::bytes key_;
    std::array<side, 2> sides_;
};

} // namespace kcapi::openssl
