// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_hctr2.hpp"

#include "base/secret.hpp"
#include "local/polyval.hpp"
#include "local/tmpl_counter.hpp"
#include "local/tmpl_mode.hpp"

namespace kcapi::local {

namespace {

constexpr std::size_t size = 16;
constexpr std::size_t tweak_size = 32;

/// What a key gives besides the cipher's: E(0) keys the hash, E(1) is added to what the counter starts from.
struct derived {
    polyval_key hash;
    block mask;

    derived(const std::uint8_t *hash_key, const block &m) noexcept : hash(hash_key), mask(m) {}
    ~derived() { base::wipe(mask); }
    derived(const derived &) = default;
    derived &operator=(const derived &) = delete;
};

class hctr2_context final : public skcipher_context {
  public:
    hctr2_context(std::unique_ptr<cipher_context> inner, const derived &key) noexcept
        : inner_(std::move(inner)), key_(key) {}

    /// Both directions are alike: `first` stands before the block cipher, `second` behind it, each as it is
    /// in the data and with the hash added.
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length < size)
            return EINVAL;
        const std::size_t rest = length - size;
        block first;
        block second;
        std::memcpy(first.data(), in, size);
        add_hash(first, c, in + size, rest);
        int code = inner_->crypt(d, first.data(), second.data(), size);
        if (code == 0) {
            block start = first;
            xor_into(start.data(), second.data(), size);
            xor_into(start.data(), key_.mask.data(), size);
            code = xctr_crypt(*inner_, start.data(), in + size, out + size, rest);
            base::wipe(start);
        }
        if (code == 0) {
            add_hash(second, c, out + size, rest);
            std::memcpy(out, second.data(), size);
        }
        base::wipe(first);
        base::wipe(second);
        return code;
    }

  private:
    /// Adds the hash of the tweak and `rest`, section 3's H: a block that says the tweak's length in bits and
    /// whether the rest ends with a whole block, the tweak, the rest with a 1 behind it if it does not.
    void add_hash(block &to, const chain &c, const std::uint8_t *rest, std::size_t length) const noexcept {
        const std::size_t tail = length % size;
        polyval hash(key_.hash);
        block part{};
        store_little_endian(2 * 8 * tweak_size + (tail == 0 ? 2 : 3), part.data());
        hash.update(part.data(), size);
        hash.update(c.iv.data(), tweak_size);
        hash.update(rest, length - tail);
        if (tail != 0) {
            part.fill(0);
            std::memcpy(part.data(), rest + length - tail, tail);
            part[tail] = 1;
            hash.update(part.data(), size);
        }
        hash.finish(part.data());
        xor_into(to.data(), part.data(), size);
        base::wipe(part);
    }

    const std::unique_ptr<cipher_context> inner_;
    const derived key_;
};

class hctr2_key final : public skcipher_key {
  public:
    hctr2_key(std::unique_ptr<cipher_key> inner, const derived &key) noexcept
        : inner_(std::move(inner)), key_(key) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<cipher_context> inner = inner_->open();
        if (inner == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(new (std::nothrow) hctr2_context(std::move(inner), key_));
    }

  private:
    const std::unique_ptr<cipher_key> inner_;
    const derived key_;
};

int make_hctr2(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    const std::unique_ptr<cipher_context> context = inner->open();
    if (context == nullptr)
        return ENOMEM;
    block hash_key{};
    block mask{1};
    int code = context->crypt(direction::encrypt, hash_key.data(), hash_key.data(), size);
    if (code == 0)
        code = context->crypt(direction::encrypt, mask.data(), mask.data(), size);
    if (code == 0)
        out.reset(new (std::nothrow) hctr2_key(std::move(inner), derived(hash_key.data(), mask)));
    base::wipe(hash_key);
    base::wipe(mask);
    return code != 0 ? code : out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_hctr2(driver &instance) noexcept {
    const limits &inner = instance.part(0).sizes;
    if (inner.block_size != size)
        return false;
    instance.sizes = {.block_size = size,
                      .chunk_size = size,
                      .iv_size = tweak_size,
                      .min_key_size = inner.min_key_size,
                      .max_key_size = inner.max_key_size};
    instance.make_skcipher = make_hctr2;
    return true;
}

} // namespace kcapi::local
