// SPDX-License-Identifier: BSD-3-Clause
//
// The bare cipher, ecb, cbc and ctr of a family: libcrypto's service, told the IV with every pass.
#include "base/secret.hpp"
#include "drivers/openssl/family.hpp"
#include "drivers/openssl/stream.hpp"

#include <new>

namespace kcapi::openssl {

namespace {

using local::chain;
using local::direction;

/// One service under one key, a libcrypto context per direction.
class service {
  public:
    service(const EVP_CIPHER *cipher, base::secret_buffer key) noexcept
        : cipher_(cipher), key_(std::move(key)) {}

    [[nodiscard]] result<stream *> get(direction d) noexcept {
        stream &s = streams_[static_cast<std::size_t>(d)];
        if (!s.is_open())
            if (const int failure = s.open(cipher_, key_.view(), d); failure != 0)
                return error{failure, "libcrypto"};
        return &s;
    }

    /// The next `length` bytes, from `iv` if that is not null.
    [[nodiscard]] int crypt(direction d, const std::uint8_t *iv, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t length) noexcept {
        const result<stream *> s = get(d);
        if (!s)
            return s.error().code;
        if (iv != nullptr)
            if (const int failure = (*s)->set_iv(iv); failure != 0)
                return failure;
        return (*s)->update(in, out, length);
    }

  private:
    const EVP_CIPHER *const cipher_;
    const base::secret_buffer key_;
    std::array<stream, 2> streams_;
};

class bare_context final : public local::cipher_context {
  public:
    bare_context(const family &f, const EVP_CIPHER *cipher, base::secret_buffer key) noexcept
        : size_(f.block_size), service_(cipher, std::move(key)) {}

    int crypt(direction d, const std::uint8_t *in, std::uint8_t *out, std::size_t length) noexcept override {
        return length % size_ == 0 ? service_.crypt(d, nullptr, in, out, length) : EINVAL;
    }

  private:
    const std::size_t size_;
    service service_;
};

class ecb_context final : public local::skcipher_context {
  public:
    ecb_context(const family &f, const EVP_CIPHER *cipher, base::secret_buffer key) noexcept
        : size_(f.block_size), service_(cipher, std::move(key)) {}

    int crypt(direction d, chain &, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        return length % size_ == 0 ? service_.crypt(d, nullptr, in, out, length) : EINVAL;
    }

  private:
    const std::size_t size_;
    service service_;
};

class cbc_context final : public local::skcipher_context {
  public:
    cbc_context(const family &f, const EVP_CIPHER *cipher, base::secret_buffer key) noexcept
        : size_(f.block_size), service_(cipher, std::move(key)) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % size_ != 0)
            return EINVAL;
        if (length == 0)
            return 0;
        block last{};
        std::memcpy(last.data(), in + length - size_, size_);
        const int failure = service_.crypt(d, c.iv.data(), in, out, length);
        if (failure != 0)
            return failure;
        if (d == direction::encrypt)
            std::memcpy(last.data(), out + length - size_, size_);
        c.set({last.data(), size_});
        return 0;
    }

  private:
    const std::size_t size_;
    service service_;
};

/// Over blocks of 16 bytes. The keystream that a short last block leaves over is dropped.
class ctr_context final : public local::skcipher_context {
  public:
    ctr_context(const family &, const EVP_CIPHER *cipher, base::secret_buffer key) noexcept
        : service_(cipher, std::move(key)) {}

    int crypt(direction, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        const int failure = service_.crypt(direction::encrypt, c.iv.data(), in, out, length);
        if (failure != 0)
            return failure;
        std::uint64_t carry = (length + block_size - 1) / block_size;
        for (std::size_t i = block_size; i-- > 0 && carry != 0;) {
            carry += c.iv[i];
            c.iv[i] = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        return 0;
    }

  private:
    service service_;
};

/// Opens contexts of type `Context`, each with a copy of the key (keyed.hpp says why).
template <class Key, class Context>
class family_key final : public Key {
    using opened = decltype(std::declval<const Key &>().open());

  public:
    family_key(const family &f, const EVP_CIPHER *cipher, base::secret_buffer key) noexcept
        : family_(f), cipher_(cipher), key_(std::move(key)) {}

    opened open() const noexcept override {
        result<base::secret_buffer> copy = key_.clone();
        if (!copy)
            return nullptr;
        return opened(new (std::nothrow) Context(family_, cipher_, std::move(*copy)));
    }

  private:
    const family &family_;
    const EVP_CIPHER *const cipher_;
    const base::secret_buffer key_;
};

template <class Context, class Key>
int make(const local::driver &self, family_mode m, base::bytes key, std::unique_ptr<Key> &out) noexcept {
    if (key.size() < self.sizes.min_key_size || key.size() > self.sizes.max_key_size)
        return EINVAL;
    const family &f = *static_cast<const family *>(self.data);
    errno = 0;
    const EVP_CIPHER *const cipher = f.service(m, key.size() * f.key_copies);
    if (cipher == nullptr)
        return errno == ENOMEM ? ENOMEM : EINVAL;
    result<base::secret_buffer> copies = base::secret_buffer::make(key.size() * f.key_copies);
    if (!copies)
        return copies.error().code;
    for (std::size_t i = 0; i < f.key_copies; ++i)
        std::memcpy(copies->data() + i * key.size(), key.data(), key.size());
    out.reset(new (std::nothrow) family_key<Key, Context>(f, cipher, std::move(*copies)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

int make_family_cipher(const local::driver &self, base::bytes key,
                       std::unique_ptr<local::cipher_key> &out) noexcept {
    return make<bare_context>(self, family_mode::ecb, key, out);
}

int make_family_ecb(const local::driver &self, base::bytes key,
                    std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<ecb_context>(self, family_mode::ecb, key, out);
}

int make_family_cbc(const local::driver &self, base::bytes key,
                    std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<cbc_context>(self, family_mode::cbc, key, out);
}

int make_family_ctr(const local::driver &self, base::bytes key,
                    std::unique_ptr<local::skcipher_key> &out) noexcept {
    return make<ctr_context>(self, family_mode::ctr, key, out);
}

} // namespace kcapi::openssl
