// SPDX-License-Identifier: BSD-3-Clause
//
// essiv(authenc(A,cbc(X)),H): the IV given is encrypted under the salt, which is H of the cipher's key and
// the hash's behind it. It stands in the last bytes of the associated data too. The encrypted one replaces it
// there in the output; before that it is authenticated in encryption, and in decryption what came is.
#include "local/tmpl_aead.hpp"

#include "base/secret.hpp"
#include "local/authenc_blob.hpp"
#include "local/tmpl_essiv.hpp"

#include <new>
#include <string_view>

namespace kcapi::local {

namespace {

class essiv_aead_context final : public aead_context {
  public:
    essiv_aead_context(std::unique_ptr<aead_context> inner, std::unique_ptr<skcipher_context> salt,
                       std::size_t iv_size) noexcept
        : inner_(std::move(inner)), salt_(std::move(salt)), iv_size_(iv_size) {}

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        aead_message inner = m;
        const int code = encrypt_iv(inner);
        if (code != 0)
            return code;
        show_iv(m);
        return inner_->encrypt(inner, tag);
    }
    /// What is authenticated are the associated data as they came; the encrypted IV then takes its place.
    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        aead_message inner = m;
        int code = encrypt_iv(inner);
        if (code != 0)
            base::wipe(m.out, m.length);
        else
            code = inner_->decrypt(inner, tag);
        if (code == 0)
            show_iv(m);
        return code;
    }

  private:
    [[nodiscard]] int encrypt_iv(aead_message &m) noexcept {
        if (m.assoc.size() < iv_size_)
            return EINVAL;
        chain zero;
        if (const int code = salt_->crypt(direction::encrypt, zero, m.iv, iv_.data(), iv_size_); code != 0)
            return code;
        m.iv = iv_.data();
        return 0;
    }
    void show_iv(const aead_message &m) const noexcept {
        std::copy_n(iv_.begin(), iv_size_, m.assoc.last(iv_size_).begin());
    }

    const std::unique_ptr<aead_context> inner_;
    const std::unique_ptr<skcipher_context> salt_;
    const std::size_t iv_size_;
    std::array<std::uint8_t, max_iv_size> iv_{};
};

class essiv_aead_key final : public aead_key {
  public:
    essiv_aead_key(std::unique_ptr<aead_key> inner, std::unique_ptr<skcipher_key> salt,
                   std::size_t iv_size) noexcept
        : inner_(std::move(inner)), salt_(std::move(salt)), iv_size_(iv_size) {}

    std::unique_ptr<aead_context> open() const noexcept override {
        std::unique_ptr<aead_context> inner = inner_->open();
        std::unique_ptr<skcipher_context> salt = salt_->open();
        if (inner == nullptr || salt == nullptr)
            return nullptr;
        return std::unique_ptr<aead_context>(
            new (std::nothrow) essiv_aead_context(std::move(inner), std::move(salt), iv_size_));
    }

  private:
    const std::unique_ptr<aead_key> inner_;
    const std::unique_ptr<skcipher_key> salt_;
    const std::size_t iv_size_;
};

const driver &cbc_of(const driver &self) noexcept { return self.part(0).part(1); }

int make_essiv_aead(const driver &self, base::bytes blob, std::unique_ptr<aead_key> &out) noexcept {
    const driver &cbc = cbc_of(self);
    blob_keys keys;
    if (!take_apart(blob, keys))
        return EINVAL;
    std::unique_ptr<aead_key> inner;
    if (const int code = self.part(0).make_aead(self.part(0), blob, inner); code != 0)
        return code;
    std::unique_ptr<skcipher_key> salt;
    if (const int code = make_essiv_salt(cbc, self.part(1), {keys.cipher, keys.hash}, salt); code != 0)
        return code;
    out.reset(new (std::nothrow) essiv_aead_key(std::move(inner), std::move(salt), cbc.sizes.iv_size));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_essiv_aead(driver &instance) noexcept {
    const driver &inner = instance.part(0);
    const limits &hash = instance.part(1).sizes;
    if (inner.parts[1] == nullptr || !std::string_view(inner.part(1).name).starts_with("cbc("))
        return false;
    const limits &cbc = inner.part(1).sizes;
    instance.sizes = inner.sizes;
    instance.make_aead = make_essiv_aead;
    return cbc.iv_size == cbc.block_size && hash.key != key_use::required &&
           hash.digest_size >= cbc.min_key_size && hash.digest_size <= cbc.max_key_size;
}

} // namespace kcapi::local
