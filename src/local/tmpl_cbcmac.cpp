// SPDX-License-Identifier: BSD-3-Clause
//
// cbcmac over any bare cipher: CBC-MAC from zero, the last block filled with zeros. Of no message at all the
// value is zero. It is a part for ccm; alone it is safe for messages of one length only.
#include "local/tmpl_hash.hpp"

#include "local/mac_block.hpp"

#include <new>

namespace kcapi::local {

namespace {

class cbcmac_context final : public hash_context {
  public:
    cbcmac_context(const cipher_key &key, std::unique_ptr<cipher_context> cipher, std::size_t size) noexcept
        : key_(key), cipher_(std::move(cipher)), size_(size) {}

    static std::unique_ptr<cbcmac_context> make(const cipher_key &key, std::size_t size) noexcept {
        std::unique_ptr<cipher_context> cipher = key.open();
        if (cipher == nullptr)
            return nullptr;
        return std::unique_ptr<cbcmac_context>(new (std::nothrow)
                                                   cbcmac_context(key, std::move(cipher), size));
    }

    int update(base::bytes data) noexcept override {
        for (const std::uint8_t b : data) {
            sum_[used_] = static_cast<std::uint8_t>(sum_[used_] ^ b);
            if (++used_ == size_)
                if (const int code = absorb(); code != 0)
                    return code;
        }
        return 0;
    }

    int finish(std::uint8_t *digest) noexcept override {
        const int code = used_ == 0 ? 0 : absorb();
        std::copy_n(sum_.data(), size_, digest);
        (void)restart();
        return code;
    }

    int restart() noexcept override {
        used_ = 0;
        sum_ = {};
        return 0;
    }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<cbcmac_context> copy = make(key_, size_);
        if (copy != nullptr) {
            copy->sum_ = sum_;
            copy->used_ = used_;
        }
        return copy;
    }

  private:
    int absorb() noexcept {
        used_ = 0;
        return cipher_->crypt(direction::encrypt, sum_.data(), sum_.data(), size_);
    }

    const cipher_key &key_; ///< stays in force as long as anybody works under it
    const std::unique_ptr<cipher_context> cipher_;
    const std::size_t size_;
    mac_block sum_;
    std::size_t used_ = 0;
};

class cbcmac_key final : public hash_key {
  public:
    cbcmac_key(std::unique_ptr<cipher_key> cipher, std::size_t size) noexcept
        : cipher_(std::move(cipher)), size_(size) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        return cbcmac_context::make(*cipher_, size_);
    }

  private:
    const std::unique_ptr<cipher_key> cipher_;
    const std::size_t size_;
};

int make_cbcmac(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> inner;
    if (const int code = cipher.make_cipher(cipher, key, inner); code != 0)
        return code;
    out.reset(new (std::nothrow) cbcmac_key(std::move(inner), cipher.sizes.block_size));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

/// The block size it reports is Linux 6.12's.
bool fill_cbcmac(driver &instance) noexcept {
    const limits &cipher = instance.part(0).sizes;
    instance.sizes = {.block_size = 1,
                      .min_key_size = cipher.min_key_size,
                      .max_key_size = cipher.max_key_size,
                      .digest_size = cipher.block_size};
    instance.make_hash = make_cbcmac;
    return cipher.block_size != 0 && cipher.block_size <= max_block_size;
}

} // namespace kcapi::local
