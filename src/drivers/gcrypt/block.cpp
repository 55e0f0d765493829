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
        return run(handle_.get(), d, in, out, length);
    }

  private:
    const cipher_handle handle_;
    const std::size_t block_size_;
};

class block_key final : public local::cipher_key {
  public:
    block_key(int number, std::size_t block_size, base::secret_buffer key) noexcept
        : number_(number), block_size_(block_size), key_(std::move(key)) {}

    std::unique_ptr<local::cipher_context> open() const noexcept override {
        cipher_handle handle;
        if (open_cipher(number_, GCRY_CIPHER_MODE_ECB, key_.view(), handle) != 0)
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
    if (const int code = open_cipher(number, GCRY_CIPHER_MODE_ECB, copy->view(), tried); code != 0)
        return code;
    out.reset(new (std::nothrow) block_key(number, cipher.block_size, std::move(*copy)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::gcrypt
