// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_skcipher.hpp"

#include "base/secret.hpp"
#include "local/tmpl_mode.hpp"

namespace kcapi::local {

namespace {

class ecb_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction d, chain &, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        return length % block_size_ == 0 ? inner_->crypt(d, in, out, length) : EINVAL;
    }
};

/// NIST SP 800-38A section 6.2.
class cbc_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % block_size_ != 0)
            return EINVAL;
        for (std::size_t i = 0; i < length; i += block_size_)
            if (const int code = one(d, c, in + i, out + i); code != 0)
                return code;
        return 0;
    }

  private:
    int one(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out) noexcept {
        if (d == direction::encrypt) {
            xor_into(c.iv.data(), in, block_size_);
            const int code = inner_->crypt(d, c.iv.data(), c.iv.data(), block_size_);
            std::memcpy(out, c.iv.data(), block_size_);
            return code;
        }
        block ciphertext;
        std::memcpy(ciphertext.data(), in, block_size_);
        const int code = inner_->crypt(d, in, out, block_size_);
        xor_into(out, c.iv.data(), block_size_);
        std::memcpy(c.iv.data(), ciphertext.data(), block_size_);
        return code;
    }
};

/// NIST SP 800-38A section 6.5; the counter is the whole block, big-endian.
class ctr_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        block keystream;
        int code = 0;
        for (std::size_t i = 0; i < length && code == 0; i += block_size_) {
            code = inner_->crypt(direction::encrypt, c.iv.data(), keystream.data(), block_size_);
            const std::size_t n = std::min(block_size_, length - i);
            std::memmove(out + i, in + i, n);
            xor_into(out + i, keystream.data(), n);
            increment_big_endian(c.iv.data(), block_size_);
        }
        base::wipe(keystream);
        return code;
    }
};

/// IEEE 1619. The IV is not moved: a pass without a new one restarts, as the kernel's template does.
class xts_context final : public skcipher_context {
  public:
    xts_context(std::unique_ptr<cipher_context> data, std::unique_ptr<cipher_context> tweak) noexcept
        : data_(std::move(data)), tweak_(std::move(tweak)) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length < size)
            return EINVAL;
        block tweak;
        if (const int code = tweak_->crypt(direction::encrypt, c.iv.data(), tweak.data(), size); code != 0)
            return code;
        const int code = all(d, tweak, in, out, length);
        base::wipe(tweak);
        return code;
    }

  private:
    static constexpr std::size_t size = 16;

    int all(direction d, block &tweak, const std::uint8_t *in, std::uint8_t *out,
            std::size_t length) noexcept {
        const std::size_t tail = length % size;
        const std::size_t plain = length - (tail == 0 ? 0 : size + tail);
        for (std::size_t i = 0; i < plain; i += size) {
            if (const int code = one(d, tweak, in + i, out + i); code != 0)
                return code;
            double_tweak(tweak);
        }
        return tail == 0 ? 0 : steal(d, tweak, in + plain, out + plain, tail);
    }

    /// One whole block and `tail` bytes: the block's result lends its end to the short one. Decryption uses
    /// the two tweaks in the other order.
    int steal(direction d, block &tweak, const std::uint8_t *in, std::uint8_t *out,
              std::size_t tail) noexcept {
        block next = tweak;
        double_tweak(next);
        const bool encrypting = d == direction::encrypt;
        block whole;
        block last;
        int code = one(d, encrypting ? tweak : next, in, whole.data());
        last = whole;
        std::memcpy(last.data(), in + size, tail);
        if (code == 0)
            code = one(d, encrypting ? next : tweak, last.data(), last.data());
        std::memcpy(out + size, whole.data(), tail);
        std::memcpy(out, last.data(), size);
        base::wipe(whole);
        base::wipe(last);
        base::wipe(next);
        return code;
    }

    int one(direction d, const block &tweak, const std::uint8_t *in, std::uint8_t *out) noexcept {
        std::memmove(out, in, size);
        xor_into(out, tweak.data(), size);
        const int code = data_->crypt(d, out, out, size);
        xor_into(out, tweak.data(), size);
        return code;
    }

    static void double_tweak(block &t) noexcept {
        std::uint8_t carry = 0;
        for (std::uint8_t &b : t) {
            const auto out = static_cast<std::uint8_t>(b >> 7);
            b = static_cast<std::uint8_t>((b << 1) | carry);
            carry = out;
        }
        t[0] = static_cast<std::uint8_t>(t[0] ^ (0x87 & (0U - carry)));
    }

    const std::unique_ptr<cipher_context> data_;
    const std::unique_ptr<cipher_context> tweak_;
};

class xts_key final : public skcipher_key {
  public:
    xts_key(std::unique_ptr<cipher_key> data, std::unique_ptr<cipher_key> tweak) noexcept
        : data_(std::move(data)), tweak_(std::move(tweak)) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<cipher_context> data = data_->open();
        std::unique_ptr<cipher_context> tweak = tweak_->open();
        if (data == nullptr || tweak == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(new (std::nothrow)
                                                     xts_context(std::move(data), std::move(tweak)));
    }

  private:
    const std::unique_ptr<cipher_key> data_;
    const std::unique_ptr<cipher_key> tweak_;
};

int make_xts(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    if (key.size() % 2 != 0)
        return EINVAL;
    const driver &inner = self.part(0);
    std::unique_ptr<cipher_key> data;
    std::unique_ptr<cipher_key> tweak;
    if (const int code = inner.make_cipher(inner, key.first(key.size() / 2), data); code != 0)
        return code;
    if (const int code = inner.make_cipher(inner, key.last(key.size() / 2), tweak); code != 0)
        return code;
    out.reset(new (std::nothrow) xts_key(std::move(data), std::move(tweak)));
    return out == nullptr ? ENOMEM : 0;
}

/// Ciphertext stealing over CBC with the last two blocks always swapped (CS3; RFC 3962), for 16- and 8-byte
/// blocks.
class cts_context final : public skcipher_context {
  public:
    cts_context(std::unique_ptr<skcipher_context> cbc, std::size_t block_size) noexcept
        : cbc_(std::move(cbc)), size_(block_size) {}

    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length < size_)
            return EINVAL;
        if (length == size_)
            return cbc_->crypt(d, c, in, out, length);
        const std::size_t tail = (length - 1) % size_ + 1;
        const std::size_t head = length - size_ - tail;
        if (const int code = cbc_->crypt(d, c, in, out, head); code != 0)
            return code;
        return d == direction::encrypt ? encrypt_end(c, in + head, out + head, tail)
                                       : decrypt_end(c, in + head, out + head, tail);
    }

  private:
    int encrypt_end(chain &c, const std::uint8_t *in, std::uint8_t *out, std::size_t tail) noexcept {
        block whole{};
        block last{};
        std::memcpy(last.data(), in + size_, tail);
        int code = cbc_->crypt(direction::encrypt, c, in, whole.data(), size_);
        if (code == 0)
            code = cbc_->crypt(direction::encrypt, c, last.data(), last.data(), size_);
        std::memcpy(out + size_, whole.data(), tail);
        std::memcpy(out, last.data(), size_);
        base::wipe(last);
        return code;
    }

    int decrypt_end(chain &c, const std::uint8_t *in, std::uint8_t *out, std::size_t tail) noexcept {
        // The first ciphertext block is the last of plain CBC, so it carries on.
        chain next;
        std::memcpy(next.iv.data(), in, size_);
        block stolen{};
        block whole{};
        std::memcpy(stolen.data(), in + size_, tail);
        chain zero;
        int code = cbc_->crypt(direction::decrypt, zero, in, whole.data(), size_);
        block last = whole;
        xor_into(last.data(), stolen.data(), tail);
        std::memcpy(whole.data(), stolen.data(), tail);
        if (code == 0)
            code = cbc_->crypt(direction::decrypt, c, whole.data(), whole.data(), size_);
        std::memcpy(out + size_, last.data(), tail);
        std::memcpy(out, whole.data(), size_);
        c = next;
        base::wipe(whole);
        base::wipe(last);
        return code;
    }

    const std::unique_ptr<skcipher_context> cbc_;
    const std::size_t size_;
};

class cts_key final : public skcipher_key {
  public:
    cts_key(std::unique_ptr<skcipher_key> cbc, std::size_t block_size) noexcept
        : cbc_(std::move(cbc)), block_size_(block_size) {}

    std::unique_ptr<skcipher_context> open() const noexcept override {
        std::unique_ptr<skcipher_context> cbc = cbc_->open();
        if (cbc == nullptr)
            return nullptr;
        return std::unique_ptr<skcipher_context>(new (std::nothrow) cts_context(std::move(cbc), block_size_));
    }

  private:
    const std::unique_ptr<skcipher_key> cbc_;
    const std::size_t block_size_;
};

int make_cts(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    std::unique_ptr<skcipher_key> cbc;
    const driver &inner = self.part(0);
    if (const int code = inner.make_skcipher(inner, key, cbc); code != 0)
        return code;
    out.reset(new (std::nothrow) cts_key(std::move(cbc), inner.sizes.block_size));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace

bool fill_ecb(driver &instance) noexcept {
    const std::uint32_t b = instance.part(0).sizes.block_size;
    return fill_mode<ecb_context>(instance, {.block_size = b, .chunk_size = b, .iv_size = 0});
}

bool fill_cbc(driver &instance) noexcept {
    const std::uint32_t b = instance.part(0).sizes.block_size;
    return fill_mode<cbc_context>(instance, block_limits(b));
}

bool fill_ctr(driver &instance) noexcept {
    const std::uint32_t b = instance.part(0).sizes.block_size;
    // Linux refuses a counter of fewer than four bytes.
    return b >= 4 && fill_mode<ctr_context>(instance, stream_limits(b));
}

bool fill_xts(driver &instance) noexcept {
    const driver &inner = instance.part(0);
    if (inner.sizes.block_size != 16)
        return false;
    instance.sizes = {.block_size = 16,
                      .chunk_size = 16,
                      .iv_size = 16,
                      .min_key_size = 2 * inner.sizes.min_key_size,
                      .max_key_size = 2 * inner.sizes.max_key_size};
    instance.make_skcipher = make_xts;
    return true;
}

bool fill_cts(driver &instance) noexcept {
    const driver &inner = instance.part(0);
    if (inner.sizes.block_size > max_block_size)
        return false;
    instance.sizes = inner.sizes;
    instance.make_skcipher = make_cts;
    return true;
}

} // namespace kcapi::local
