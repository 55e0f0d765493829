// SPDX-License-Identifier: BSD-3-Clause
//
// authenc(A,S): encrypts by S, then authenticates associated data and ciphertext by the keyed hash A; the tag
// is the digest, cut. The tag is checked before anything is decrypted.
//
// authencesn is the same for IPsec with long sequence numbers (RFC 4303, 2.2.1): the second four bytes of the
// associated data, the number's upper half, are authenticated behind all others. krb5enc, for Kerberos (RFC
// 3961, 5.3), authenticates the text and not the ciphertext.
#include "local/tmpl_aead.hpp"

#include "base/secret.hpp"
#include "local/authenc_blob.hpp"

#include <cstring>
#include <new>

namespace kcapi::local {

namespace {

/// What there is memory for at all (net.core.optmem_max).
constexpr std::uint32_t longest_key = 131071;

enum class what { ciphertext, sequence_number_last, plaintext };

constexpr std::size_t number_offset = 4;
constexpr std::size_t number_end = 8;

template <what Authenticated>
class authenc_context final : public aead_context {
  public:
    authenc_context(std::unique_ptr<hash_context> hash, std::unique_ptr<skcipher_context> cipher,
                    std::size_t iv_size) noexcept
        : hash_(std::move(hash)), cipher_(std::move(cipher)), iv_size_(iv_size) {}
    ~authenc_context() override { base::wipe(digest_); }

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        int code = 0;
        if constexpr (Authenticated == what::plaintext)
            code = authenticate(m.assoc, {m.in, m.length});
        if (code == 0)
            code = crypt(direction::encrypt, m);
        if constexpr (Authenticated != what::plaintext)
            if (code == 0)
                code = authenticate(m.assoc, {m.out, m.length});
        if (code == 0)
            std::copy_n(digest_.begin(), tag.size(), tag.begin());
        return code;
    }

    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        if constexpr (Authenticated == what::plaintext)
            return decrypt_then_check(m, tag);
        if (const int code = authenticate(m.assoc, {m.in, m.length}); code != 0)
            return code;
        if (!base::ct_equal({digest_.data(), tag.size()}, tag))
            return EBADMSG;
        const int code = crypt(direction::decrypt, m);
        if (code != 0)
            base::wipe(m.out, m.length);
        return code;
    }

  private:
    [[nodiscard]] int decrypt_then_check(const aead_message &m, base::bytes tag) noexcept {
        int code = crypt(direction::decrypt, m);
        if (code == 0)
            code = authenticate(m.assoc, {m.out, m.length});
        if (code == 0 && !base::ct_equal({digest_.data(), tag.size()}, tag))
            code = EBADMSG;
        if (code != 0)
            base::wipe(m.out, m.length);
        return code;
    }
    [[nodiscard]] int crypt(direction d, const aead_message &m) noexcept {
        chain c;
        c.set({m.iv, iv_size_});
        return cipher_->crypt(d, c, m.in, m.out, m.length);
    }
    /// Leaves the digest in digest_.
    [[nodiscard]] int authenticate(base::bytes assoc, base::bytes text) noexcept {
        std::array<base::bytes, 4> parts{assoc, text};
        if constexpr (Authenticated == what::sequence_number_last) {
            if (assoc.size() < number_end)
                return EINVAL;
            parts = {assoc.first(number_offset), assoc.subspan(number_end), text,
                     assoc.subspan(number_offset, number_end - number_offset)};
        }
        for (const base::bytes part : parts)
            if (const int code = part.empty() ? 0 : hash_->update(part); code != 0) {
                (void)hash_->restart();
                return code;
            }
        return hash_->finish(digest_.data());
    }

    const std::unique_ptr<hash_context> hash_;
    const std::unique_ptr<skcipher_context> cipher_;
    const std::size_t iv_size_;
    std::array<std::uint8_t, max_digest_size> digest_{};
};

template <what Authenticated>
class authenc_key final : public aead_key {
  public:
    authenc_key(std::unique_ptr<hash_key> hash, std::unique_ptr<skcipher_key> cipher,
                std::size_t iv_size) noexcept
        : hash_(std::move(hash)), cipher_(std::move(cipher)), iv_size_(iv_size) {}

    std::unique_ptr<aead_context> open() const noexcept override {
        std::unique_ptr<hash_context> hash = hash_->open();
        std::unique_ptr<skcipher_context> cipher = cipher_->open();
        if (hash == nullptr || cipher == nullptr)
            return nullptr;
        return std::unique_ptr<aead_context>(
            new (std::nothrow) authenc_context<Authenticated>(std::move(hash), std::move(cipher), iv_size_));
    }

  private:
    const std::unique_ptr<hash_key> hash_;
    const std::unique_ptr<skcipher_key> cipher_;
    const std::size_t iv_size_;
};

template <what Authenticated>
int make_authenc(const driver &self, base::bytes blob, std::unique_ptr<aead_key> &out) noexcept {
    blob_keys parts;
    if (!take_apart(blob, parts))
        return EINVAL;
    const driver &hash_driver = self.part(0);
    const driver &cipher_driver = self.part(1);
    if (parts.cipher.size() < cipher_driver.sizes.min_key_size ||
        parts.cipher.size() > cipher_driver.sizes.max_key_size)
        return EINVAL;
    std::unique_ptr<hash_key> hash;
    std::unique_ptr<skcipher_key> cipher;
    if (const int code = hash_driver.make_hash(hash_driver, parts.hash, hash); code != 0)
        return code;
    if (const int code = cipher_driver.make_skcipher(cipher_driver, parts.cipher, cipher); code != 0)
        return code;
    out.reset(new (std::nothrow) authenc_key<Authenticated>(std::move(hash), std::move(cipher),
                                                            cipher_driver.sizes.iv_size));
    return out == nullptr ? ENOMEM : 0;
}

template <what Authenticated>
bool fill(driver &instance) noexcept {
    const limits &hash = instance.part(0).sizes;
    const limits &cipher = instance.part(1).sizes;
    if (hash.key == key_use::none || hash.digest_size == 0 || hash.digest_size > max_digest_size)
        return false;
    instance.sizes = {.block_size = cipher.block_size,
                      .chunk_size = cipher.block_size,
                      .iv_size = cipher.iv_size,
                      .min_key_size = static_cast<std::uint32_t>(blob_header_size) + cipher.min_key_size,
                      .max_key_size = longest_key,
                      .tag_sizes = ~std::uint64_t{0} >> (max_digest_size - hash.digest_size)};
    if constexpr (Authenticated == what::sequence_number_last)
        instance.sizes.tag_sizes &= ~tag_sizes({1, 2, 3});
    instance.make_aead = make_authenc<Authenticated>;
    return instance.sizes.tag_sizes != 0;
}

} // namespace

bool fill_authenc(driver &instance) noexcept { return fill<what::ciphertext>(instance); }
bool fill_authencesn(driver &instance) noexcept { return fill<what::sequence_number_last>(instance); }
bool fill_krb5enc(driver &instance) noexcept { return fill<what::plaintext>(instance); }

} // namespace kcapi::local
