// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_essiv.hpp"

#include "base/secret.hpp"
#include "local/tmpl_mode.hpp"

namespace kcapi::local {

namespace {

class essiv_context final : public skcipher_context {
  public:
    essiv_context(std::unique_ptr<skcipher_context> data, std::unique_ptr<skcipher_context> salt,
                  std::size_t block_size) noexcept
        : data_(std::move(data)), salt_(std::move(salt)), size_(block_size) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        // What is shorter than a block is refused by the mode beneath, when the IV has been encrypted
        // already.
        const bool odd = length % size_ != 0;
        if (odd && length > size_)
            return EINVAL;
        chain zero;
        chain real;
        if (const int code = salt_->crypt(direction::encrypt, zero, c.iv.data(), real.iv.data(), size_);
            code != 0)
            return code;
        const int code = odd ? EINVAL : data_->crypt(d, real, in, out, length);
        if (code == 0 || odd)
            c.iv = real.iv;
        return code;
    }

  private:
    const std::unique_ptr<skcipher_context> data_;
    const std::unique_ptr<skcipher_context> salt_;
    const std::size_t size_;
};

class essiv_key final : public skcipher_key {
  public:
    essiv_key(std::unique_ptr<skcipher_key> data, std::unique_ptr<skcipher_key> salt,
              std::size_t block_size) noexcept
        : data_(std::move(data)), salt_(std::move(salt)), block_size_(block_size) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<skcipher_context> data = data_->open();
        std::unique_ptr<skcipher_context> salt = salt_->open();
        if (data == nullptr || salt == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(
            new (std::nothrow) essiv_context(std::move(data), std::move(salt), block_size_));
    }

  private:
    const std::unique_ptr<skcipher_key> data_;
    const std::unique_ptr<skcipher_key> salt_;
    const std::size_t block_size_;
};

int digest_of(const driver &hash, std::initializer_list<base::bytes> parts, std::uint8_t *digest) noexcept {
    std::unique_ptr<hash_key> key;
    if (const int code = hash.make_hash(hash, {}, key); code != 0)
        return code;
    const std::unique_ptr<hash_context> context = key->open();
    if (context == nullptr)
        return ENOMEM;
    for (const base::bytes part : parts)
        if (const int code = part.empty() ? 0 : context->update(part); code != 0)
            return code;
    return context->finish(digest);
}

int make_essiv(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    const driver &cbc = self.part(0);
    std::unique_ptr<skcipher_key> data;
    if (const int code = cbc.make_skcipher(cbc, key, data); code != 0)
        return code;
    std::unique_ptr<skcipher_key> salt;
    if (const int code = make_essiv_salt(cbc, self.part(1), {key}, salt); code != 0)
        return code;
    out.reset(new (std::nothrow) essiv_key(std::move(data), std::move(salt), cbc.sizes.block_size));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int make_essiv_salt(const driver &cbc, const driver &hash, std::initializer_list<base::bytes> parts,
                    std::unique_ptr<skcipher_key> &out) noexcept {
    std::array<std::uint8_t, max_digest_size> digest{};
    int code = digest_of(hash, parts, digest.data());
    if (code == 0)
        code = cbc.make_skcipher(cbc, {digest.data(), hash.sizes.digest_size}, out);
    base::wipe(digest);
    return code;
}

bool fill_essiv(driver &instance) noexcept {
    const limits &cbc = instance.part(0).sizes;
    const limits &hash = instance.part(1).sizes;
    if (cbc.iv_size != cbc.block_size || cbc.block_size > max_block_size || hash.key == key_use::required ||
        hash.digest_size < cbc.min_key_size || hash.digest_size > cbc.max_key_size)
        return false;
    instance.sizes = cbc;
    instance.make_skcipher = make_essiv;
    return true;
}

} // namespace kcapi::local
