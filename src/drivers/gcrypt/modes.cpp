// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/gcrypt/modes.hpp"

#include "base/secret.hpp"
#include "drivers/gcrypt/handles.hpp"
#include "local/counter128.hpp"
#include "local/places.hpp"
#include "local/xts_message.hpp"

#include <new>
#include <utility>

namespace kcapi::gcrypt {

namespace {

using local::direction;

constexpr std::size_t block_size = 16;

int aes_number(std::size_t key_size) noexcept {
    return key_size == 16   ? GCRY_CIPHER_AES128
           : key_size == 24 ? GCRY_CIPHER_AES192
           : key_size == 32 ? GCRY_CIPHER_AES256
                            : 0;
}

class cbc_context final : public local::skcipher_context {
  public:
    static constexpr int mode = GCRY_CIPHER_MODE_CBC;

    cbc_context(cipher_handle handle, base::bytes) noexcept : handle_(std::move(handle)) {}

    int crypt(direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % block_size != 0)
            return EINVAL;
        if (length == 0)
            return 0;
        // In place, decryption overwrites what is carried.
        std::array<std::uint8_t, block_size> last{};
        if (d == direction::decrypt)
            std::memcpy(last.data(), in + length - block_size, block_size);
        if (const int code = outcome_of(gcry_cipher_setiv(handle_.get(), c.iv.data(), block_size)); code != 0)
            return code;
        if (const int code = run(handle_.get(), d, in, out, length); code != 0)
            return code;
        if (d == direction::encrypt)
            std::memcpy(last.data(), out + length - block_size, block_size);
        c.set(last);
        return 0;
    }
    int move_to(direction d, local::chain &c, const std::uint8_t *in, std::size_t offset) noexcept override {
        return local::cbc_place(d, c, in, offset, block_size);
    }

  private:
    const cipher_handle handle_;
};

class ctr_context final : public local::skcipher_context {
  public:
    static constexpr int mode = GCRY_CIPHER_MODE_CTR;

    ctr_context(cipher_handle handle, base::bytes) noexcept : handle_(std::move(handle)) {}

    int crypt(direction, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length == 0)
            return 0;
        if (const int code = outcome_of(gcry_cipher_setctr(handle_.get(), c.iv.data(), block_size));
            code != 0)
            return code;
        if (const int code = run(handle_.get(), direction::encrypt, in, out, length); code != 0)
            return code;
        auto at = local::counter128::load(c.iv.data());
        at.pass(length);
        at.leave_in(c);
        return 0;
    }
    int move_to(direction, local::chain &c, const std::uint8_t *, std::size_t offset) noexcept override {
        return local::counter_place(c, offset);
    }

  private:
    const cipher_handle handle_;
};

class xts_context final : public local::xts_message {
  public:
    static constexpr int mode = GCRY_CIPHER_MODE_XTS;

    xts_context(cipher_handle handle, base::bytes key) noexcept
        : handle_(std::move(handle)), tweak_key_size_(key.size() / 2) {
        std::copy_n(key.begin() + static_cast<std::ptrdiff_t>(tweak_key_size_), tweak_key_size_,
                    tweak_key_.begin());
    }
    ~xts_context() override { base::wipe(tweak_key_); }

  private:
    int tweak_block(direction d, const std::uint8_t *in, std::uint8_t *out) noexcept override {
        if (tweak_cipher_ == nullptr) {
            const base::bytes half(tweak_key_.data(), tweak_key_size_);
            cipher_handle made;
            if (const int code = open_cipher(aes_number(half.size()), GCRY_CIPHER_MODE_ECB, half, made);
                code != 0)
                return code;
            tweak_cipher_ = std::move(made);
        }
        return run(tweak_cipher_.get(), d, in, out, block_size);
    }
    int unit(direction d, const iv_block &iv, const std::uint8_t *in, std::uint8_t *out,
             std::size_t length) noexcept override {
        if (const int code = outcome_of(gcry_cipher_setiv(handle_.get(), iv.data(), iv.size())); code != 0)
            return code;
        return run(handle_.get(), d, in, out, length);
    }

    const cipher_handle handle_;
    std::array<std::uint8_t, 32> tweak_key_{};
    const std::size_t tweak_key_size_;
    cipher_handle tweak_cipher_; ///< from its first use
};

/// A key whose length is right; `Context` is the mode at work.
template <class Context>
class aes_key final : public local::skcipher_key {
  public:
    aes_key(int number, base::secret_buffer key) noexcept : number_(number), key_(std::move(key)) {}

    std::unique_ptr<local::skcipher_context> open() const noexcept override {
        cipher_handle handle;
        if (open_cipher(number_, Context::mode, key_.view(), handle) != 0)
            return nullptr;
        return std::unique_ptr<local::skcipher_context>(new (std::nothrow)
                                                            Context(std::move(handle), key_.view()));
    }

  private:
    const int number_;
    const base::secret_buffer key_;
};

template <class Context>
int make(int number, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    if (number == 0)
        return EINVAL;
    result<base::secret_buffer> copy = base::secret_buffer::copy_of(key);
    if (!copy)
        return copy.error().code;
    out.reset(new (std::nothrow) aes_key<Context>(number, std::move(*copy)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int make_cbc(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<cbc_context>(aes_number(key.size()), key, out);
}
int make_ctr(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<ctr_context>(aes_number(key.size()), key, out);
}
int make_xts(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<xts_context>(key.size() % 2 == 0 ? aes_number(key.size() / 2) : 0, key, out);
}

} // namespace kcapi::gcrypt
