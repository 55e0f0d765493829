// SPDX-License-Identifier: BSD-3-Clause
//
// A toy cipher for tests of everything around a cipher: 16-byte blocks, ciphertext = plaintext ^ key[0] ^ IV
// byte, the IV's first byte counts blocks. It can be told to compute wrong, to refuse a key and to be
// unavailable.
#pragma once

#include "local/driver.hpp"

#include <cerrno>
#include <new>

namespace kcapi::test {

inline constexpr std::size_t toy_block = 16;

class toy_context final : public local::skcipher_context {
  public:
    toy_context(std::uint8_t key, bool broken) noexcept : key_(key), broken_(broken) {}
    int crypt(local::direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % toy_block != 0)
            return EINVAL;
        const auto extra = static_cast<std::uint8_t>(d == local::direction::encrypt && broken_ ? 1 : 0);
        for (std::size_t i = 0; i < length; ++i) {
            const auto mask = static_cast<std::uint8_t>(key_ ^ c.iv[0] ^ extra);
            out[i] = static_cast<std::uint8_t>(in[i] ^ mask);
            if (i % toy_block == toy_block - 1)
                ++c.iv[0];
        }
        return 0;
    }

  private:
    const std::uint8_t key_;
    const bool broken_;
};

class toy_key final : public local::skcipher_key {
  public:
    toy_key(std::uint8_t key, bool broken) noexcept : key_(key), broken_(broken) {}
    std::unique_ptr<local::skcipher_context> open() const noexcept override {
        return std::unique_ptr<local::skcipher_context>(new (std::nothrow) toy_context(key_, broken_));
    }

  private:
    const std::uint8_t key_;
    const bool broken_;
};

template <bool Broken>
int make_toy(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    if (key.size() % 2 != 0)
        return EINVAL;
    out.reset(new (std::nothrow) toy_key(key[0], Broken));
    return out == nullptr ? ENOMEM : 0;
}

/// Keys of 2..8 bytes, odd lengths refused by the cipher itself.
template <bool Broken = false>
local::driver toy_driver(const char *name, const char *driver_name, int priority) {
    local::driver d;
    d.type = local::driver_kind::skcipher;
    d.name = name;
    d.driver_name = driver_name;
    d.provider = "toy";
    d.priority = priority;
    d.sizes = {.block_size = toy_block,
               .chunk_size = toy_block,
               .iv_size = 16,
               .min_key_size = 2,
               .max_key_size = 8};
    d.make_skcipher = make_toy<Broken>;
    return d;
}

} // namespace kcapi::test
