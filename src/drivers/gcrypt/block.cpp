// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/gcrypt/block.hpp"

#include "base/secret.hpp"
#include "drivers/gcrypt/handles.hpp"

#include <new>

namespace kcapi::gcrypt {

namespace {

class block_context final : public local::cipher_context {
  public:
    block_context(cipher_handle handle, std::size_t block_size) noexcept
        : handle_(std::move(handle)), block_size_(block_size) {}

    int crypt(local::direction d, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % block_size_ != 0)
            return EINVAL;
        if (length == 0)
            return 0;
        // Without an input it works in place.
        const std::uint8_t *const from = in == out ? nullptr : in;
        const std::size_t given = in == out ? 0 : length;
        return outcome_of(d == local::direction::encrypt
                              ? gcry_cipher_encrypt(handle_.get(), out, length, from, given)
                              : gcry_cipher_decrypt(handle_.get(), out, length, from, given));
    }

  private:
    const cipher_handle handle_;
    const std::size_t block_size_;
};

int open(int number, base::bytes key, cipher_handle &out) noexcept {
    gcry_cipher_hd_t handle = nullptr;
    if (const int code = outcome_of(gcry_cipher_open(&handle, number, GCRY_CIPHER_MODE_ECB, 0)); code != 0)
        return code;
    out.reset(handle);
    // A weak key is the program's choice, as in the kernel.
    const gcry_error_t e = gcry_cipher_setkey(handle, key.data(), key.size());
    return gcry_err_code(e) == GPG_ERR_WEAK_KEY ? 0 : outcome_of(e);
}

/// libgcrypt cannot copy a cipher's handle, so each context expands the key for itself.
class block_key final : public local::cipher_key {
  public:
    block_key(int number, std::size_t block_size, base::secret_buffer key) noexcept
        : number_(number), block_size_(block_size), key_(std::move(key)) {}

    std::unique_ptr<local::cipher_context> open() const noexcept override {
        cipher_handle handle;
        if (gcrypt::open(number_, key_.view(), handle) != 0)
            return nullptr;
        return std::unique_ptr<local::cipher_context>(new (std::nothrow)
                                                          block_context(std::move(handle), block_size_));
    }

  private:
    const int number_;
    const std::size_t block_size_;
    const base::secret_buffer key_;
};

} // namespace

int make_block(const local::driver &self, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    const block_cipher &cipher = *static_cast<const block_cipher *>(self.data);
    // libgcrypt takes keys for Blowfish that the kernel does not.
    const bool fits = key.size() >= self.sizes.min_key_size && key.size() <= self.sizes.max_key_size;
    const int number = fits ? cipher.number(key.size()) : 0;
    if (number == 0)
        return EINVAL;
    result<base::secret_buffer> copy =
        base::secret_buffer::make(std::max(key.size(), cipher.filled_key_size));
    if (!copy)
        return copy.error().code;
    std::copy(key.begin(), key.end(), copy->data());
    if (key.size() < copy->size())
        copy->data()[key.size()] = 1;
    cipher_handle tried;
    if (const int code = open(number, copy->view(), tried); code != 0)
        return code;
    out.reset(new (std::nothrow) block_key(number, cipher.block_size, std::move(*copy)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::gcrypt
