// SPDX-License-Identifier: BSD-3-Clause
//
// gcm over a bare cipher of 16-byte blocks (NIST SP 800-38D), with nonces of 12 bytes.
#include "local/tmpl_aead.hpp"

#include "local/ghash.hpp"
#include "local/mac_block.hpp"

#include <endian.h>

#include <new>

namespace kcapi::local {

namespace {

constexpr std::size_t block_size = 16;
constexpr std::uint32_t nonce_size = 12;

class gcm_context final : public aead_context {
  public:
    gcm_context(const ghash_key &hash, std::unique_ptr<cipher_context> cipher) noexcept
        : hash_(hash), cipher_(std::move(cipher)) {}

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        mac_block made;
        int code = add_keystream(*cipher_, counter(m, 2), m.in, m.out, m.length);
        if (code == 0)
            code = authenticate(m, m.out, made);
        if (code == 0)
            std::copy_n(made.data(), tag.size(), tag.begin());
        return code;
    }

    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        mac_block made;
        int code = authenticate(m, m.in, made);
        if (code == 0 && !base::ct_equal({made.data(), tag.size()}, tag))
            code = EBADMSG;
        if (code == 0)
            code = add_keystream(*cipher_, counter(m, 2), m.in, m.out, m.length);
        if (code != 0)
            base::wipe(m.out, m.length);
        return code;
    }

  private:
    [[nodiscard]] static mac_block counter(const aead_message &m, std::uint8_t number) noexcept {
        mac_block b;
        std::copy_n(m.iv, nonce_size, b.data());
        b[block_size - 1] = number;
        return b;
    }

    [[nodiscard]] int authenticate(const aead_message &m, const std::uint8_t *ciphertext,
                                   mac_block &tag) noexcept {
        ghash hash(hash_);
        hash.update(m.assoc);
        hash.update({ciphertext, m.length});
        std::array<std::uint64_t, 2> bits{htobe64(std::uint64_t{m.assoc.size()} * 8),
                                          htobe64(std::uint64_t{m.length} * 8)};
        std::array<std::uint8_t, block_size> lengths;
        std::memcpy(lengths.data(), bits.data(), sizeof bits);
        hash.update(lengths);
        hash.finish(tag.data());
        return add_keystream(*cipher_, counter(m, 1), tag.data(), tag.data(), block_size);
    }

    const ghash_key &hash_;
    const std::unique_ptr<cipher_context> cipher_;
};

/// Contexts do not outlive it, so they share its hash key.
class gcm_key final : public aead_key {
  public:
    gcm_key(std::unique_ptr<cipher_key> cipher, const std::uint8_t *hash) noexcept
        : cipher_(std::move(cipher)), hash_(hash) {}

    std::unique_ptr<aead_context> open() const noexcept override {
        std::unique_ptr<cipher_context> cipher = cipher_->open();
        if (cipher == nullptr)
            return nullptr;
        return std::unique_ptr<aead_context>(new (std::nothrow) gcm_context(hash_, std::move(cipher)));
    }

  private:
    const std::unique_ptr<cipher_key> cipher_;
    const ghash_key hash_;
};

int make_gcm(const driver &self, base::bytes key, std::unique_ptr<aead_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    const std::unique_ptr<cipher_context> context = inner->open();
    if (context == nullptr)
        return ENOMEM;
    mac_block zero;
    if (const int code = context->crypt(direction::encrypt, zero.data(), zero.data(), block_size); code != 0)
        return code;
    out.reset(new (std::nothrow) gcm_key(std::move(inner), zero.data()));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_gcm(driver &instance) noexcept {
    const limits &cipher = instance.part(0).sizes;
    instance.sizes = {.block_size = 1,
                      .chunk_size = 1,
                      .iv_size = nonce_size,
                      .min_key_size = cipher.min_key_size,
                      .max_key_size = cipher.max_key_size,
                      .tag_sizes = tag_sizes({4, 8, 12, 13, 14, 15, 16})};
    instance.make_aead = make_gcm;
    return cipher.block_size == block_size;
}

} // namespace kcapi::local
