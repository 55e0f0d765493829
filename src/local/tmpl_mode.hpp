// SPDX-License-Identifier: BSD-3-Clause
//
// What modes over one bare block cipher have in common: a key that is the cipher's, a context that holds the
// cipher's context, and the byte arithmetic of blocks.
#pragma once

#include "local/driver.hpp"

#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace kcapi::local {

using block = std::array<std::uint8_t, max_block_size>;

inline void xor_into(std::uint8_t *to, const std::uint8_t *with, std::size_t n) noexcept {
    for (std::size_t i = 0; i < n; ++i)
        to[i] = static_cast<std::uint8_t>(to[i] ^ with[i]);
}

/// A number of `size` bytes, big-endian, modulo its width.
inline void increment_big_endian(std::uint8_t *number, std::size_t size) noexcept {
    for (std::size_t i = size; i-- > 0;)
        if (++number[i] != 0)
            break;
}

inline void store_little_endian(std::uint64_t value, std::uint8_t *to) noexcept {
    for (std::size_t i = 0; i < sizeof value; ++i, value >>= 8)
        to[i] = static_cast<std::uint8_t>(value);
}

[[nodiscard]] inline std::uint64_t load_little_endian(const std::uint8_t *from, std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8 | from[i];
    return value;
}

/// A mode at work over a cipher of `block_size_` bytes.
class mode_context : public skcipher_context {
  public:
    mode_context(std::unique_ptr<cipher_context> inner, std::size_t block_size) noexcept
        : inner_(std::move(inner)), block_size_(block_size) {}

  protected:
    [[nodiscard]] int encrypt_one(const std::uint8_t *in, std::uint8_t *out) noexcept {
        return inner_->crypt(direction::encrypt, in, out, block_size_);
    }

    const std::unique_ptr<cipher_context> inner_;
    const std::size_t block_size_;
};

/// A key of one inner cipher; `Context` is the mode at work.
template <class Context>
class mode_key final : public skcipher_key {
  public:
    mode_key(std::unique_ptr<cipher_key> inner, std::size_t block_size) noexcept
        : inner_(std::move(inner)), block_size_(block_size) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<cipher_context> inner = inner_->open();
        if (inner == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(new (std::nothrow) Context(std::move(inner), block_size_));
    }

  private:
    const std::unique_ptr<cipher_key> inner_;
    const std::size_t block_size_;
};

template <class Context>
int make_mode(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    out.reset(new (std::nothrow) mode_key<Context>(std::move(inner), cipher.sizes.block_size));
    return out == nullptr ? ENOMEM : 0;
}

/// Limits and factory of a mode whose key is the cipher's.
template <class Context>
bool fill_mode(driver &instance, limits sizes) noexcept {
    const driver &inner = instance.part(0);
    if (inner.sizes.block_size > max_block_size)
        return false;
    sizes.min_key_size = inner.sizes.min_key_size;
    sizes.max_key_size = inner.sizes.max_key_size;
    sizes.key = inner.sizes.key;
    instance.sizes = sizes;
    instance.make_skcipher = make_mode<Context>;
    return true;
}

/// The limits of a mode that works like a stream over blocks of `b` bytes.
[[nodiscard]] constexpr limits stream_limits(std::uint32_t b) noexcept {
    return {.block_size = 1, .chunk_size = b, .iv_size = b};
}

/// The limits of a mode of whole blocks.
[[nodiscard]] constexpr limits block_limits(std::uint32_t b) noexcept {
    return {.block_size = b, .chunk_size = b, .iv_size = b};
}

} // namespace kcapi::local
