// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/chacha.hpp"

#include "base/secret.hpp"
#include "drivers/openssl/family.hpp"
#include "drivers/openssl/stream.hpp"

#include <endian.h>

#include <algorithm>
#include <new>

namespace kcapi::openssl {

namespace {

using local::chain;
using local::direction;

constexpr std::size_t key_size = 32;
constexpr std::size_t chacha_block = 64;
using chacha_key = std::array<std::uint8_t, key_size>;

family_member members[] = {{key_size, {"ChaCha20", nullptr, nullptr}}};
constinit const family chacha{.block_size = 1, .members = members};

std::uint32_t load(const std::uint8_t *from) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return le32toh(value);
}

void store(std::uint32_t value, std::uint8_t *to) noexcept {
    value = htole32(value);
    std::memcpy(to, &value, sizeof value);
}

/// One message from the IV `state`, in pieces that end where the counter wraps.
int crypt_from(stream &s, block state, const std::uint8_t *in, std::uint8_t *out,
               std::size_t length) noexcept {
    while (length != 0) {
        const std::uint64_t blocks = (std::uint64_t{1} << 32) - load(state.data());
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(length, blocks * chacha_block));
        if (const int failure = s.set_iv(state.data()); failure != 0)
            return failure;
        if (const int failure = s.update(in, out, n); failure != 0)
            return failure;
        store(0, state.data());
        in += n;
        out += n;
        length -= n;
    }
    return 0;
}

class chacha20_context final : public local::skcipher_context {
  public:
    chacha20_context(const EVP_CIPHER *cipher, const chacha_key &key) noexcept : cipher_(cipher), key_(key) {}
    ~chacha20_context() override { base::wipe(key_); }
    chacha20_context(const chacha20_context &) = delete;
    chacha20_context &operator=(const chacha20_context &) = delete;

    int crypt(direction, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (!stream_.is_open())
            if (const int failure = stream_.open(cipher_, key_, direction::encrypt); failure != 0)
                return failure;
        block state;
        std::memcpy(state.data(), c.iv.data(), state.size());
        return crypt_from(stream_, state, in, out, length);
    }

  private:
    const EVP_CIPHER *const cipher_;
    chacha_key key_;
    stream stream_;
};

class xchacha20_context final : public local::skcipher_context {
  public:
    xchacha20_context(const EVP_CIPHER *cipher, const chacha_key &key) noexcept
        : cipher_(cipher), key_(key) {}
    ~xchacha20_context() override { base::wipe(key_); }
    xchacha20_context(const xchacha20_context &) = delete;
    xchacha20_context &operator=(const xchacha20_context &) = delete;

    int crypt(direction, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        chacha_key subkey;
        int failure = derive(c.iv.data(), subkey);
        if (failure == 0)
            failure = message_.is_open() ? message_.set_key(subkey)
                                         : message_.open(cipher_, subkey, direction::encrypt);
        if (failure == 0) {
            block state;
            std::memcpy(state.data(), c.iv.data() + 24, 8);
            std::memcpy(state.data() + 8, c.iv.data() + 16, 8);
            failure = crypt_from(message_, state, in, out, length);
        }
        base::wipe(subkey);
        return failure;
    }

  private:
    /// HChaCha20 is ChaCha20's block without the last addition: what was added is taken off again.
    int derive(const std::uint8_t *nonce, chacha_key &subkey) noexcept {
        if (!outer_.is_open())
            if (const int failure = outer_.open(cipher_, key_, direction::encrypt); failure != 0)
                return failure;
        std::array<std::uint8_t, chacha_block> keystream{};
        int failure = outer_.set_iv(nonce);
        if (failure == 0)
            failure = outer_.update(keystream.data(), keystream.data(), keystream.size());
        static constexpr std::uint32_t constants[] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
        for (std::size_t i = 0; i < 4; ++i) {
            store(load(keystream.data() + 4 * i) - constants[i], subkey.data() + 4 * i);
            store(load(keystream.data() + 48 + 4 * i) - load(nonce + 4 * i), subkey.data() + 16 + 4 * i);
        }
        base::wipe(keystream);
        return failure;
    }

    const EVP_CIPHER *const cipher_;
    chacha_key key_;
    stream outer_;
    stream message_;
};

template <class Context>
class key_of final : public local::skcipher_key {
  public:
    key_of(const EVP_CIPHER *cipher, base::bytes key) noexcept : cipher_(cipher) {
        std::copy(key.begin(), key.end(), key_.begin());
    }
    ~key_of() override { base::wipe(key_); }
    key_of(const key_of &) = delete;
    key_of &operator=(const key_of &) = delete;

    std::unique_ptr<local::skcipher_context> open() const noexcept override {
        return std::unique_ptr<local::skcipher_context>(new (std::nothrow) Context(cipher_, key_));
    }

  private:
    const EVP_CIPHER *const cipher_;
    chacha_key key_{};
};

template <class Context>
int make(base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    if (key.size() != key_size)
        return EINVAL;
    const EVP_CIPHER *const cipher = chacha.service(family_mode::ecb, key_size);
    if (cipher == nullptr)
        return ENOMEM;
    out.reset(new (std::nothrow) key_of<Context>(cipher, key));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool chacha_available(const local::driver &, bool fips) noexcept {
    return !fips && chacha.serves(family_mode::ecb);
}

int make_chacha20(const local::driver &, base::bytes key,
                  std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<chacha20_context>(key, out);
}

int make_xchacha20(const local::driver &, base::bytes key,
                   std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<xchacha20_context>(key, out);
}

} // namespace kcapi::openssl
