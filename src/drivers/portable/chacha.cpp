// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/chacha.hpp"

#include "base/secret.hpp"

#include <endian.h>

#include <bit>
#include <new>

namespace kcapi::portable {

namespace {

using local::chain;
using local::direction;

constexpr std::size_t key_size = 32;
constexpr std::size_t block_size = 64;
/// The place of the IV, and of the counter in it, in the state.
constexpr std::size_t counter_word = 12;

using words = std::array<std::uint32_t, 16>;

std::uint32_t load(const std::uint8_t *from) noexcept {
    std::uint32_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return le32toh(value);
}

void store(std::uint32_t value, std::uint8_t *to) noexcept {
    value = htole32(value);
    std::memcpy(to, &value, sizeof value);
}

void quarter_round(std::uint32_t &a, std::uint32_t &b, std::uint32_t &c, std::uint32_t &d) noexcept {
    a += b;
    d = std::rotl(d ^ a, 16);
    c += d;
    b = std::rotl(b ^ c, 12);
    a += b;
    d = std::rotl(d ^ a, 8);
    c += d;
    b = std::rotl(b ^ c, 7);
}

void permute(words &x, int rounds) noexcept {
    for (int i = 0; i < rounds; i += 2) {
        quarter_round(x[0], x[4], x[8], x[12]);
        quarter_round(x[1], x[5], x[9], x[13]);
        quarter_round(x[2], x[6], x[10], x[14]);
        quarter_round(x[3], x[7], x[11], x[15]);
        quarter_round(x[0], x[5], x[10], x[15]);
        quarter_round(x[1], x[6], x[11], x[12]);
        quarter_round(x[2], x[7], x[8], x[13]);
        quarter_round(x[3], x[4], x[9], x[14]);
    }
}

/// "expand 32-byte k", the key, and 16 bytes that differ.
words initial(const std::uint8_t *key, const std::uint8_t *iv) noexcept {
    words s{0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    for (std::size_t i = 0; i < 8; ++i)
        s[4 + i] = load(key + 4 * i);
    for (std::size_t i = 0; i < 4; ++i)
        s[counter_word + i] = load(iv + 4 * i);
    return s;
}

void crypt_from(words &state, int rounds, const std::uint8_t *in, std::uint8_t *out,
                std::size_t length) noexcept {
    words x;
    std::array<std::uint8_t, block_size> keystream;
    for (std::size_t at = 0; at < length; at += block_size) {
        x = state;
        permute(x, rounds);
        for (std::size_t i = 0; i < x.size(); ++i)
            store(x[i] + state[i], keystream.data() + 4 * i);
        const std::size_t n = std::min(block_size, length - at);
        for (std::size_t i = 0; i < n; ++i)
            out[at + i] = static_cast<std::uint8_t>(in[at + i] ^ keystream[i]);
        ++state[counter_word];
    }
    base::wipe(x.data(), sizeof x);
    base::wipe(keystream);
}

/// `Extended`: the key of each message is made of the key and the nonce's first half (HChaCha).
template <int Rounds, bool Extended>
class chacha_context final : public local::skcipher_context {
  public:
    explicit chacha_context(base::bytes key) noexcept { std::copy(key.begin(), key.end(), key_.begin()); }
    ~chacha_context() override { base::wipe(key_); }
    chacha_context(const chacha_context &) = delete;
    chacha_context &operator=(const chacha_context &) = delete;

    int crypt(direction, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        words state = initial(key_.data(), c.iv.data());
        if constexpr (Extended)
            extend(state, c.iv.data());
        crypt_from(state, Rounds, in, out, length);
        base::wipe(state.data(), sizeof state);
        return 0;
    }

  private:
    static void extend(words &state, const std::uint8_t *iv) noexcept {
        permute(state, Rounds);
        std::array<std::uint8_t, key_size> subkey;
        for (std::size_t i = 0; i < 4; ++i) {
            store(state[i], subkey.data() + 4 * i);
            store(state[counter_word + i], subkey.data() + 16 + 4 * i);
        }
        // The position in the stream, then the nonce's second half.
        std::array<std::uint8_t, 16> rest;
        std::memcpy(rest.data(), iv + 24, 8);
        std::memcpy(rest.data() + 8, iv + 16, 8);
        state = initial(subkey.data(), rest.data());
        base::wipe(subkey);
    }

    std::array<std::uint8_t, key_size> key_;
};

template <class Context>
class chacha_key final : public local::skcipher_key {
  public:
    explicit chacha_key(base::bytes key) noexcept { std::copy(key.begin(), key.end(), key_.begin()); }
    ~chacha_key() override { base::wipe(key_); }
    chacha_key(const chacha_key &) = delete;
    chacha_key &operator=(const chacha_key &) = delete;

    std::unique_ptr<local::skcipher_context> open() const noexcept override {
        return std::unique_ptr<local::skcipher_context>(new (std::nothrow) Context(key_));
    }

  private:
    std::array<std::uint8_t, key_size> key_;
};

template <class Context>
int make(base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    if (key.size() != key_size)
        return EINVAL;
    out.reset(new (std::nothrow) chacha_key<Context>(key));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int make_chacha20(const local::driver &, base::bytes key,
                  std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<chacha_context<20, false>>(key, out);
}

int make_xchacha20(const local::driver &, base::bytes key,
                   std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<chacha_context<20, true>>(key, out);
}

int make_xchacha12(const local::driver &, base::bytes key,
                   std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<chacha_context<12, true>>(key, out);
}

} // namespace kcapi::portable
