// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_adiantum.hpp"

#include "base/secret.hpp"
#include "local/nhpoly1305.hpp"
#include "local/tmpl_mode.hpp"

#include <string_view>

namespace kcapi::local {

namespace {

constexpr std::size_t size = 16;
constexpr std::size_t tweak_size = 32;
constexpr std::size_t key_size = 32;

/// The two keys of the hash: of the part that takes tweak and length, and of the part that takes the data.
struct hash_keys {
    poly1305_key head;
    nhpoly1305_key body;
};

using halves = std::array<std::uint64_t, 2>;

/// 128-bit arithmetic on a block, little-endian.
halves load(const std::uint8_t *from) noexcept {
    return {load_little_endian(from, 8), load_little_endian(from + 8, 8)};
}
void store(const halves &value, std::uint8_t *to) noexcept {
    store_little_endian(value[0], to);
    store_little_endian(value[1], to + 8);
}
halves sum(const halves &a, const halves &b) noexcept {
    const std::uint64_t low = a[0] + b[0];
    return {low, a[1] + b[1] + (low < b[0] ? 1 : 0)};
}
halves difference(const halves &a, const halves &b) noexcept {
    return {a[0] - b[0], a[1] - b[1] - (a[0] < b[0] ? 1 : 0)};
}

/// The stream cipher's IV, for a nonce that begins with a block (or nothing) and a 1.
chain nonce_after(base::bytes begin) noexcept {
    chain c;
    c.set(begin);
    c.iv[begin.size()] = 1;
    return c;
}

class adiantum_context final : public skcipher_context {
  public:
    adiantum_context(std::unique_ptr<skcipher_context> stream, std::unique_ptr<cipher_context> cipher,
                     const hash_keys &keys) noexcept
        : stream_(std::move(stream)), cipher_(std::move(cipher)), keys_(keys) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length < size)
            return EINVAL;
        const std::size_t bulk = length - size;
        // The last block, with the hash of all before it added.
        block right;
        store(sum(load(in + bulk), hash(c, in, bulk)), right.data());
        // The stream starts from what the block cipher's output is in encryption, its input in decryption.
        int code = 0;
        if (d == direction::encrypt)
            code = cipher_->crypt(d, right.data(), right.data(), size);
        if (code == 0) {
            chain start = nonce_after(right);
            code = stream_->crypt(direction::encrypt, start, in, out, bulk);
            base::wipe(start.iv);
        }
        if (code == 0 && d == direction::decrypt)
            code = cipher_->crypt(d, right.data(), right.data(), size);
        if (code == 0)
            store(difference(load(right.data()), hash(c, out, bulk)), out + bulk);
        base::wipe(right);
        return code;
    }

  private:
    [[nodiscard]] halves hash(const chain &c, const std::uint8_t *bulk, std::size_t length) const noexcept {
        std::array<std::uint8_t, size + tweak_size> head{};
        store_little_endian(8 * std::uint64_t{length}, head.data());
        std::memcpy(head.data() + size, c.iv.data(), tweak_size);
        poly1305 of_head(keys_.head);
        of_head.update(head.data(), head.size());
        return sum(of_head.value(), keys_.body.hash(bulk, length));
    }

    const std::unique_ptr<skcipher_context> stream_;
    const std::unique_ptr<cipher_context> cipher_;
    const hash_keys keys_;
};

class adiantum_key final : public skcipher_key {
  public:
    adiantum_key(std::unique_ptr<skcipher_key> stream, std::unique_ptr<cipher_key> cipher,
                 const hash_keys &keys) noexcept
        : stream_(std::move(stream)), cipher_(std::move(cipher)), keys_(keys) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<skcipher_context> stream = stream_->open();
        std::unique_ptr<cipher_context> cipher = cipher_->open();
        if (stream == nullptr || cipher == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(
            new (std::nothrow) adiantum_context(std::move(stream), std::move(cipher), keys_));
    }

  private:
    const std::unique_ptr<skcipher_key> stream_;
    const std::unique_ptr<cipher_key> cipher_;
    const hash_keys keys_;
};

/// The other keys are the stream cipher's output under the nonce 1: the block cipher's, then the hash's.
int make_adiantum(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    constexpr std::size_t derived_size = key_size + size + nhpoly1305_key::key_size;
    if (key.size() != key_size)
        return EINVAL;
    const driver &stream = self.part(0);
    const driver &cipher = self.part(1);
    std::unique_ptr<skcipher_key> stream_key;
    if (const int code = stream.make_skcipher(stream, key, stream_key); code != 0)
        return code;
    const std::unique_ptr<skcipher_context> context = stream_key->open();
    if (context == nullptr)
        return ENOMEM;
    std::array<std::uint8_t, derived_size> derived{};
    chain start = nonce_after({});
    int code = context->crypt(direction::encrypt, start, derived.data(), derived.data(), derived.size());
    std::unique_ptr<cipher_key> cipher_key;
    if (code == 0)
        code = cipher.make_cipher(cipher, {derived.data(), key_size}, cipher_key);
    if (code == 0) {
        const std::uint8_t *const hash = derived.data() + key_size;
        out.reset(new (std::nothrow) adiantum_key(
            std::move(stream_key), std::move(cipher_key),
            hash_keys{.head = poly1305_key(hash), .body = nhpoly1305_key(hash + size)}));
    }
    base::wipe(derived);
    return code != 0 ? code : out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_adiantum(driver &instance) noexcept {
    const std::string_view stream = instance.part(0).name;
    const limits &cipher = instance.part(1).sizes;
    if ((stream != "xchacha12" && stream != "xchacha20") || cipher.block_size != size ||
        cipher.min_key_size > key_size || cipher.max_key_size < key_size)
        return false;
    instance.sizes = {.block_size = size,
                      .chunk_size = size,
                      .iv_size = tweak_size,
                      .min_key_size = key_size,
                      .max_key_size = key_size};
    instance.make_skcipher = make_adiantum;
    return true;
}

} // namespace kcapi::local
