// SPDX-License-Identifier: BSD-3-Clause
//
// What the bare block ciphers of this folder have in common. A cipher is a class with block_size,
// expand(key), false for a key it does not take, and encrypt and decrypt of one block, in and out distinct or
// the same.
#pragma once

#include "local/driver.hpp"

#include <new>

namespace kcapi::portable {

/// The expanded key is immutable and stays as long as anybody works under it.
template <class Cipher>
class block_context final : public local::cipher_context {
  public:
    explicit block_context(const Cipher &cipher) noexcept : cipher_(cipher) {}

    int crypt(local::direction d, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        constexpr std::size_t size = Cipher::block_size;
        if (length % size != 0)
            return EINVAL;
        for (std::size_t at = 0; at < length; at += size)
            if (d == local::direction::encrypt)
                cipher_.encrypt(in + at, out + at);
            else
                cipher_.decrypt(in + at, out + at);
        return 0;
    }

  private:
    const Cipher &cipher_;
};

template <class Cipher>
class block_key final : public local::cipher_key {
  public:
    [[nodiscard]] bool expand(base::bytes key) noexcept { return cipher_.expand(key); }

    std::unique_ptr<local::cipher_context> open() const noexcept override {
        return std::unique_ptr<local::cipher_context>(new (std::nothrow) block_context<Cipher>(cipher_));
    }

  private:
    Cipher cipher_;
};

template <class Cipher>
int make_block(base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    std::unique_ptr<block_key<Cipher>> made(new (std::nothrow) block_key<Cipher>);
    if (made == nullptr)
        return ENOMEM;
    if (!made->expand(key))
        return EINVAL;
    out = std::move(made);
    return 0;
}

} // namespace kcapi::portable
