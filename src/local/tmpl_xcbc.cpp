// SPDX-License-Identifier: BSD-3-Clause
//
// xcbc over any bare cipher of 16-byte blocks that takes 16-byte keys (RFC 3566 is the one over AES). Of the
// key three are derived: that of the chain, and those that tell a whole last block from a filled one.
#include "local/tmpl_hash.hpp"

#include "local/mac_block.hpp"

#include <new>

namespace kcapi::local {

namespace {

constexpr std::size_t size = 16;

struct xcbc_keys {
    mac_block whole;
    mac_block filled;
};

/// The last block is kept back until it is known to be the last.
class xcbc_context final : public hash_context {
  public:
    xcbc_context(const cipher_key &key, const xcbc_keys &last,
                 std::unique_ptr<cipher_context> cipher) noexcept
        : key_(key), last_keys_(last), cipher_(std::move(cipher)) {}

    static std::unique_ptr<xcbc_context> make(const cipher_key &key, const xcbc_keys &last) noexcept {
        std::unique_ptr<cipher_context> cipher = key.open();
        if (cipher == nullptr)
            return nullptr;
        return std::unique_ptr<xcbc_context>(new (std::nothrow) xcbc_context(key, last, std::move(cipher)));
    }

    int update(base::bytes data) noexcept override {
        for (const std::uint8_t b : data) {
            if (used_ == size)
                if (const int code = absorb(); code != 0)
                    return code;
            sum_[used_] = static_cast<std::uint8_t>(sum_[used_] ^ b);
            ++used_;
        }
        return 0;
    }

    int finish(std::uint8_t *digest) noexcept override {
        if (used_ < size)
            sum_[used_] ^= 0x80;
        sum_.add((used_ < size ? last_keys_.filled : last_keys_.whole).bytes.data(), size);
        const int code = absorb();
        std::copy_n(sum_.data(), size, digest);
        (void)restart();
        return code;
    }

    int restart() noexcept override {
        used_ = 0;
        sum_ = {};
        return 0;
    }

    std::unique_ptr<hash_context> clone() const noexcept override {
        std::unique_ptr<xcbc_context> copy = make(key_, last_keys_);
        if (copy != nullptr) {
            copy->sum_ = sum_;
            copy->used_ = used_;
        }
        return copy;
    }

  private:
    int absorb() noexcept {
        used_ = 0;
        return cipher_->crypt(direction::encrypt, sum_.data(), sum_.data(), size);
    }

    const cipher_key &key_; ///< stays in force as long as anybody works under it
    const xcbc_keys &last_keys_;
    const std::unique_ptr<cipher_context> cipher_;
    mac_block sum_; ///< the chain, and in it so far the block at hand
    std::size_t used_ = 0;
};

class xcbc_key final : public hash_key {
  public:
    xcbc_key(std::unique_ptr<cipher_key> cipher, const xcbc_keys &last) noexcept
        : cipher_(std::move(cipher)), last_(last) {}

    std::unique_ptr<hash_context> open() const noexcept override {
        return xcbc_context::make(*cipher_, last_);
    }

  private:
    const std::unique_ptr<cipher_key> cipher_;
    const xcbc_keys last_;
};

/// The encrypted block of one number, repeated.
int derive(cipher_context &cipher, std::uint8_t number, mac_block &out) noexcept {
    out.bytes.fill(number);
    return cipher.crypt(direction::encrypt, out.data(), out.data(), size);
}

int make_xcbc(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept {
    const driver &cipher = self.part(0);
    std::unique_ptr<cipher_key> given;
    if (const int code = cipher.make_cipher(cipher, key, given); code != 0)
        return code;
    const std::unique_ptr<cipher_context> context = given->open();
    if (context == nullptr)
        return ENOMEM;
    mac_block of_chain;
    xcbc_keys last;
    int code = derive(*context, 1, of_chain);
    if (code == 0)
        code = derive(*context, 2, last.whole);
    if (code == 0)
        code = derive(*context, 3, last.filled);
    std::unique_ptr<cipher_key> inner;
    if (code == 0)
        code = cipher.make_cipher(cipher, of_chain.bytes, inner);
    if (code != 0)
        return code;
    out.reset(new (std::nothrow) xcbc_key(std::move(inner), last));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_xcbc(driver &instance) noexcept {
    const limits &cipher = instance.part(0).sizes;
    instance.sizes = {.block_size = size,
                      .min_key_size = cipher.min_key_size,
                      .max_key_size = cipher.max_key_size,
                      .digest_size = size};
    instance.make_hash = make_xcbc;
    return cipher.block_size == size && cipher.min_key_size <= size && cipher.max_key_size >= size;
}

} // namespace kcapi::local
