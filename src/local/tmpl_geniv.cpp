// SPDX-License-Identifier: BSD-3-Clause
//
// seqiv and echainiv over an aead: they make the IV that is sent with a message. The IV given is a number
// that counts messages; a salt of the key's own, which nobody is told, makes the IV of it. What is sent
// stands in front of the ciphertext, where the text to be encrypted leaves room for it, and is authenticated.
//
// seqiv sends number ^ salt, which is the inner IV. echainiv multiplies number and salt for the inner IV, and
// sends what the inner cipher makes of a block of zeros: the first block of CBC is an IV for the rest.
#include "local/tmpl_aead.hpp"

#include "base/secret.hpp"
#include "base/sys.hpp"

#include <endian.h>

#include <new>

namespace kcapi::local {

namespace {

constexpr std::size_t word = sizeof(std::uint64_t);
using iv_bytes = std::array<std::uint8_t, max_iv_size>;

std::uint64_t load(const std::uint8_t *from) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// The associated data and the IV behind them in one piece, which they are already if the text is.
class joined {
  public:
    [[nodiscard]] int join(const aead_message &m, std::size_t iv_size) noexcept {
        if (m.assoc.data() + m.assoc.size() == m.out) {
            all_ = {m.assoc.data(), m.assoc.size() + iv_size};
            return 0;
        }
        result<base::secret_buffer> made = base::secret_buffer::make(m.assoc.size() + iv_size);
        if (!made)
            return made.error().code;
        copy_ = std::move(*made);
        std::copy(m.assoc.begin(), m.assoc.end(), copy_.data());
        std::copy_n(m.out, iv_size, copy_.data() + m.assoc.size());
        all_ = copy_.span();
        return 0;
    }
    [[nodiscard]] base::mutable_bytes all() const noexcept { return all_; }

  private:
    base::secret_buffer copy_;
    base::mutable_bytes all_;
};

template <bool Chained>
class generator_context final : public aead_context {
  public:
    generator_context(std::unique_ptr<aead_context> inner, const iv_bytes &salt, std::size_t iv_size) noexcept
        : inner_(std::move(inner)), salt_(salt), iv_size_(iv_size) {}

    int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept override {
        if (m.length < iv_size_)
            return EINVAL;
        if (m.in != m.out)
            std::memcpy(m.out, m.in, m.length);
        iv_bytes iv{};
        aead_message inner{m.iv, m.assoc, m.out, m.out, m.length};
        inner.iv = iv.data();
        if constexpr (Chained) {
            const std::uint64_t number = be64toh(load(m.iv + iv_size_ - word));
            for (std::size_t at = 0; at < iv_size_; at += word) {
                const std::uint64_t product = (load(salt_.data() + at) | 1) * number;
                std::memcpy(iv.data() + at, &product, sizeof product);
            }
            std::memset(m.out, 0, iv_size_);
            return inner_->encrypt(inner, tag);
        } else {
            for (std::size_t i = 0; i < iv_size_; ++i)
                m.out[i] = iv[i] = static_cast<std::uint8_t>(m.iv[i] ^ salt_[i]);
            joined assoc;
            const int code = without_iv(m, inner, assoc);
            return code != 0 ? code : inner_->encrypt(inner, tag);
        }
    }

    int decrypt(const aead_message &m, base::bytes tag) noexcept override {
        if (m.length < iv_size_)
            return EINVAL;
        iv_bytes iv{};
        std::copy_n(m.in, iv_size_, iv.begin());
        std::copy_n(iv.begin(), iv_size_, m.out);
        aead_message inner{iv.data(), {}, m.in, m.out, m.length};
        joined assoc;
        const int code = without_iv(m, inner, assoc);
        return code != 0 ? code : inner_->decrypt(inner, tag);
    }

  private:
    /// Makes the IV at the start of m.out one with the associated data, and no part of the inner text.
    [[nodiscard]] int without_iv(const aead_message &m, aead_message &inner, joined &assoc) const noexcept {
        if (const int code = assoc.join(m, iv_size_); code != 0)
            return code;
        inner.assoc = assoc.all();
        inner.in += iv_size_;
        inner.out += iv_size_;
        inner.length -= iv_size_;
        return 0;
    }

    const std::unique_ptr<aead_context> inner_;
    const iv_bytes &salt_;
    const std::size_t iv_size_;
};

template <bool Chained>
class generator_key final : public aead_key {
  public:
    generator_key(std::unique_ptr<aead_key> inner, const iv_bytes &salt, std::size_t iv_size) noexcept
        : inner_(std::move(inner)), salt_(salt), iv_size_(iv_size) {}
    ~generator_key() override { base::wipe(salt_); }

    std::unique_ptr<aead_context> open() const noexcept override {
        std::unique_ptr<aead_context> inner = inner_->open();
        if (inner == nullptr)
            return nullptr;
        return std::unique_ptr<aead_context>(
            new (std::nothrow) generator_context<Chained>(std::move(inner), salt_, iv_size_));
    }

  private:
    const std::unique_ptr<aead_key> inner_;
    iv_bytes salt_;
    const std::size_t iv_size_;
};

template <bool Chained>
int make_generator(const driver &self, base::bytes key, std::unique_ptr<aead_key> &out) noexcept {
    const driver &part = self.part(0);
    std::unique_ptr<aead_key> inner;
    if (const int code = part.make_aead(part, key, inner); code != 0)
        return code;
    iv_bytes salt{};
    const result<void> drawn = base::sys::random_bytes(base::mutable_bytes(salt).first(part.sizes.iv_size));
    if (drawn)
        out.reset(new (std::nothrow) generator_key<Chained>(std::move(inner), salt, part.sizes.iv_size));
    base::wipe(salt);
    return !drawn ? drawn.error().code : out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_seqiv(driver &instance) noexcept {
    instance.sizes = instance.part(0).sizes;
    instance.make_aead = make_generator<false>;
    return instance.sizes.iv_size == word;
}

bool fill_echainiv(driver &instance) noexcept {
    instance.sizes = instance.part(0).sizes;
    instance.make_aead = make_generator<true>;
    return instance.sizes.iv_size != 0 && instance.sizes.iv_size % word == 0;
}

} // namespace kcapi::local
