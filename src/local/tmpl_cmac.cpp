// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_hash.hpp"

#include "base/secret.hpp"

#include <cerrno>
#include <new>

namespace kcapi::local {

namespace {

struct block {
    std::array<std::uint8_t, max_block_size> bytes{};
    block() = default;
    ~block() { base::wipe(bytes); }
    block(const block &) = default;
    block &operator=(const block &) = default;
};

/// NIST SP 800-38B. The last block is kept back until it is known to be the last.
class cmac_context final : public hash_context {
  public:
    /// The key stays in force as long as anybody works under it, so copies can be made of it any time.
    cmac_context(const cipher_key &key, std::unique_ptr<cipher_context> cipher, std::size_t size) noexcept
        : key_(key), cipher_(std::move(cipher)), size_(size) {}

    static std::unique_ptr<cmac_context> make(const cipher_key &key, std::size_t size) noexcept {
        std::unique_ptr<cipher_context> cipher = key.open();
        if (cipher == nullptr)
            return nullptr;
        return std::unique_ptr<cmac_context>(new (std::nothrow) cmac_context(key, std::move(cipher), size));
    }

    int update(base::bytes data) noexcept override {
        while (!data.empty()) {
            if (held_ == size_) {
                if (const int code = absorb(); code != 0)
                    return code;
                held_ = 0;
            }
            const std::size_t n = std::min(size_ - held_, data.size());
            std::copy_n(data.begin(), n, last_.bytes.begin() + static_cast<std::ptrdiff_t>(held_));
            held_ += n;
            data = data.subspan(n);
        }
        return 0;
    }

    int finish(std::uint8_t *digest) noexcept override {
        block subkey;
        int code = encrypt(subkey);
        double_block(subkey);
        if (held_ < size_) {
            double_block(subkey);
            last_.bytes[held_] = 0x80;
            std::fill(last_.bytes.begin() + static_cast<std::ptrdiff_t>(held_) + 1, last_.bytes.end(),
                      std::uint8_t{0});
        }
        for (std::size_t i = 0; i < size_; ++i)
            last_.bytes[i] = static_cast<std::uint8_t>(last_.bytes[i] ^ subkey.bytes[i]);
        if (code == 0)
            code = absorb();
        std::copy_n(state_.bytes.begin(), size_, digest);
        (void)restart();
        return code;
    }

    int restart() noexcept override {
        held_ = 0;
        base::wipe(state_.bytes);
        base::wipe(last_.bytes);
        return 0;
    }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<cmac_context> copy = make(key_, size_);
        if (copy != nullptr) {
            copy->state_ = state_;
            copy->last_ = last_;
            copy->held_ = held_;
        }
        return copy;
    }

  private:
    int encrypt(block &b) noexcept {
        return cipher_->crypt(direction::encrypt, b.bytes.data(), b.bytes.data(), size_);
    }

    int absorb() noexcept {
        for (std::size_t i = 0; i < size_; ++i)
            state_.bytes[i] = static_cast<std::uint8_t>(state_.bytes[i] ^ last_.bytes[i]);
        return encrypt(state_);
    }

    /// Times x in the field of the block's size.
    void double_block(block &b) const noexcept {
        const unsigned carry = b.bytes[0] >> 7;
        const unsigned reduction = (size_ == 16 ? 0x87U : 0x1bU) & (0U - carry);
        for (std::size_t i = 0; i < size_; ++i) {
            const bool last = i + 1 == size_;
            const unsigned next = last ? 0U : b.bytes[i + 1];
            b.bytes[i] = static_cast<std::uint8_t>((b.bytes[i] << 1 | next >> 7) ^ (last ? reduction : 0U));
        }
    }

    const cipher_key &key_;
    const std::unique_ptr<cipher_context> cipher_;
    const std::size_t size_;
    block state_;
    block last_;
    std::size_t held_ = 0;
};

class cmac_key final : public hash_key {
  public:
    cmac_key(std::unique_ptr<cipher_key> cipher, std::size_t size) noexcept
        : cipher_(std::move(cipher)), size_(size) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        return cmac_context::make(*cipher_, size_);
    }

  private:
    const std::unique_ptr<cipher_key> cipher_;
    const std::size_t size_;
};

int make_cmac(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    out.reset(new (std::nothrow) cmac_key(std::move(inner), cipher.sizes.block_size));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_cmac(driver &instance) noexcept {
    const limits &cipher = instance.part(0).sizes;
    if (cipher.block_size != 16 && cipher.block_size != 8)
        return false;
    instance.sizes = {.block_size = cipher.block_size,
                      .min_key_size = cipher.min_key_size,
                      .max_key_size = cipher.max_key_size,
                      .digest_size = cipher.block_size};
    instance.make_hash = make_cmac;
    return true;
}

} // namespace kcapi::local
