// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_counter.hpp"

#include "base/secret.hpp"
#include "local/tmpl_mode.hpp"

#include <algorithm>

namespace kcapi::local {

namespace {

constexpr std::size_t size = 16;
/// Blocks per call of the cipher: a library's call costs as much as several blocks.
constexpr std::size_t batch = 32;

class xctr_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        return xctr_crypt(*inner_, c.iv.data(), in, out, length);
    }
};

/// RFC 3686: the key's last four bytes are the nonce, and the counter, in the last four bytes of the block,
/// starts at 1.
constexpr std::size_t nonce_size = 4;
constexpr std::size_t iv_size = 8;

using nonce = std::array<std::uint8_t, nonce_size>;

class rfc3686_context final : public skcipher_context {
  public:
    rfc3686_context(std::unique_ptr<skcipher_context> ctr, const nonce &n) noexcept
        : ctr_(std::move(ctr)), nonce_(n) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        block first{};
        std::memcpy(first.data(), nonce_.data(), nonce_size);
        std::memcpy(first.data() + nonce_size, c.iv.data(), iv_size);
        first[size - 1] = 1;
        chain counter;
        counter.set(first);
        return ctr_->crypt(d, counter, in, out, length);
    }

  private:
    const std::unique_ptr<skcipher_context> ctr_;
    const nonce nonce_;
};

class rfc3686_key final : public skcipher_key {
  public:
    rfc3686_key(std::unique_ptr<skcipher_key> ctr, const nonce &n) noexcept
        : ctr_(std::move(ctr)), nonce_(n) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<skcipher_context> ctr = ctr_->open();
        if (ctr == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(new (std::nothrow) rfc3686_context(std::move(ctr), nonce_));
    }

  private:
    const std::unique_ptr<skcipher_key> ctr_;
    const nonce nonce_;
};

int make_rfc3686(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    if (key.size() < nonce_size)
        return EINVAL;
    const driver &inner = self.part(0);
    std::unique_ptr<skcipher_key> ctr;
    if (const int code = inner.make_skcipher(inner, key.first(key.size() - nonce_size), ctr); code != 0)
        return code;
    nonce n;
    std::memcpy(n.data(), key.last(nonce_size).data(), nonce_size);
    out.reset(new (std::nothrow) rfc3686_key(std::move(ctr), n));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int xctr_crypt(cipher_context &cipher, const std::uint8_t *nonce, const std::uint8_t *in, std::uint8_t *out,
               std::size_t length) noexcept {
    std::array<std::uint8_t, batch * size> keystream;
    std::uint64_t number = 0;
    int code = 0;
    for (std::size_t i = 0; i < length && code == 0;) {
        const std::size_t n = std::min(keystream.size(), length - i);
        const std::size_t blocks = (n + size - 1) / size;
        for (std::size_t b = 0; b < blocks; ++b) {
            std::uint8_t *const at = keystream.data() + b * size;
            store_little_endian(++number, at);
            std::memset(at + 8, 0, 8);
            xor_into(at, nonce, size);
        }
        code = cipher.crypt(direction::encrypt, keystream.data(), keystream.data(), blocks * size);
        std::memmove(out + i, in + i, n);
        xor_into(out + i, keystream.data(), n);
        i += n;
    }
    base::wipe(keystream);
    return code;
}

bool fill_xctr(driver &instance) noexcept {
    return instance.part(0).sizes.block_size == size &&
           fill_mode<xctr_context>(instance, stream_limits(size));
}

bool fill_rfc3686(driver &instance) noexcept {
    const limits &inner = instance.part(0).sizes;
    if (inner.iv_size != size || inner.block_size != 1)
        return false;
    instance.sizes = inner;
    instance.sizes.iv_size = iv_size;
    instance.sizes.min_key_size += nonce_size;
    instance.sizes.max_key_size += nonce_size;
    instance.make_skcipher = make_rfc3686;
    return true;
}

} // namespace kcapi::local
