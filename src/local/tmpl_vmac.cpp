// SPDX-License-Identifier: BSD-3-Clause
//
// vmac64 over any bare cipher of 16-byte blocks that takes 16-byte keys (draft-krovetz-vmac-01 is the one
// over AES). The first 16 bytes of a message are the nonce, of which the highest bit must be 0.
#include "local/tmpl_hash.hpp"

#include "local/mac_block.hpp"
#include "local/vmac.hpp"

#include <endian.h>

#include <cstring>
#include <new>

namespace kcapi::local {

namespace {

constexpr std::size_t size = 16;

std::uint64_t word_of(const mac_block &b, std::size_t index) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, b.bytes.data() + sizeof word * index, sizeof word);
    return be64toh(word);
}

class vmac_context final : public hash_context {
  public:
    vmac_context(const cipher_key &key, const vhash_key &hash_key,
                 std::unique_ptr<cipher_context> cipher) noexcept
        : key_(key), hash_key_(hash_key), cipher_(std::move(cipher)), hash_(hash_key) {}

    static std::unique_ptr<vmac_context> make(const cipher_key &key, const vhash_key &hash_key) noexcept {
        std::unique_ptr<cipher_context> cipher = key.open();
        if (cipher == nullptr)
            return nullptr;
        return std::unique_ptr<vmac_context>(new (std::nothrow)
                                                 vmac_context(key, hash_key, std::move(cipher)));
    }

    int update(base::bytes data) noexcept override {
        const std::size_t n = std::min(size - nonce_held_, data.size());
        std::copy_n(data.begin(), n, nonce_.data() + nonce_held_);
        nonce_held_ += n;
        hash_.update(data.subspan(n));
        return 0;
    }

    int finish(std::uint8_t *digest) noexcept override {
        const int code = add_pad(digest);
        (void)restart();
        return code;
    }

    int restart() noexcept override {
        nonce_ = {};
        nonce_held_ = 0;
        hash_.restart();
        return 0;
    }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<vmac_context> copy = make(key_, hash_key_);
        if (copy != nullptr) {
            copy->nonce_ = nonce_;
            copy->nonce_held_ = nonce_held_;
            copy->hash_ = hash_;
        }
        return copy;
    }

  private:
    /// One encrypted block is the pads of two nonces, which differ in the lowest bit.
    int add_pad(std::uint8_t *digest) noexcept {
        if (nonce_held_ != size || (nonce_[0] & 0x80) != 0)
            return EINVAL;
        mac_block pads = nonce_;
        const std::size_t index = pads[size - 1] & 1;
        pads[size - 1] &= 0xfe;
        const int code = cipher_->crypt(direction::encrypt, pads.data(), pads.data(), size);
        const std::uint64_t tag = htobe64(hash_.finish() + word_of(pads, index));
        std::memcpy(digest, &tag, sizeof tag);
        return code;
    }

    const cipher_key &key_; ///< stays in force as long as anybody works under it
    const vhash_key &hash_key_;
    const std::unique_ptr<cipher_context> cipher_;
    vhash hash_;
    mac_block nonce_;
    std::size_t nonce_held_ = 0;
};

class vmac_key final : public hash_key {
  public:
    explicit vmac_key(std::unique_ptr<cipher_key> cipher) noexcept : cipher_(std::move(cipher)) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        return vmac_context::make(*cipher_, hash_key_);
    }

    [[nodiscard]] int derive() noexcept;

  private:
    const std::unique_ptr<cipher_key> cipher_;
    vhash_key hash_key_;
};

/// Blocks that begin with a number of their purpose and end with a count, encrypted.
class derivation {
  public:
    derivation(cipher_context &cipher, std::uint8_t purpose) noexcept : cipher_(cipher) {
        input_[0] = purpose;
    }
    int next() noexcept {
        const int code = cipher_.crypt(direction::encrypt, input_.data(), output_.data(), size);
        ++input_[size - 1];
        return code;
    }
    [[nodiscard]] std::uint64_t word(std::size_t index) const noexcept { return word_of(output_, index); }

  private:
    cipher_context &cipher_;
    mac_block input_;
    mac_block output_;
};

int vmac_key::derive() noexcept {
    const std::unique_ptr<cipher_context> cipher = cipher_->open();
    if (cipher == nullptr)
        return ENOMEM;
    derivation first(*cipher, 0x80);
    for (std::size_t i = 0; i < hash_key_.first.size(); i += 2) {
        if (const int code = first.next(); code != 0)
            return code;
        hash_key_.first[i] = first.word(0);
        hash_key_.first[i + 1] = first.word(1);
    }
    derivation second(*cipher, 0xc0);
    if (const int code = second.next(); code != 0)
        return code;
    for (const std::size_t i : {0U, 1U})
        hash_key_.second[i] = second.word(i) & vhash_key::second_mask;
    derivation third(*cipher, 0xe0);
    do {
        if (const int code = third.next(); code != 0)
            return code;
        hash_key_.third = {third.word(0), third.word(1)};
    } while (hash_key_.third[0] >= vhash_key::prime || hash_key_.third[1] >= vhash_key::prime);
    return 0;
}

int make_vmac(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    if (key.size() != size)
        return EINVAL;
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    std::unique_ptr<vmac_key> made(new (std::nothrow) vmac_key(std::move(inner)));
    if (made == nullptr)
        return ENOMEM;
    if (const int code = made->derive(); code != 0)
        return code;
    out = std::move(made);
    return 0;
}

} // namespace

bool fill_vmac(driver &instance) noexcept {
    const limits &cipher = instance.part(0).sizes;
    instance.sizes = {.block_size = size, .min_key_size = size, .max_key_size = size, .digest_size = 8};
    instance.make_hash = make_vmac;
    return cipher.block_size == size && cipher.min_key_size <= size && cipher.max_key_size >= size;
}

} // namespace kcapi::local
