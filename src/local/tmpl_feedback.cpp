// SPDX-License-Identifier: BSD-3-Clause
#include "local/tmpl_feedback.hpp"

#include "base/secret.hpp"
#include "local/tmpl_mode.hpp"

#include <algorithm>

namespace kcapi::local {

namespace {

/// CBC whose chain is plaintext ^ ciphertext.
class pcbc_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % block_size_ != 0)
            return EINVAL;
        block before;
        block after;
        int code = 0;
        for (std::size_t i = 0; i < length && code == 0; i += block_size_) {
            std::memcpy(before.data(), in + i, block_size_);
            after = before;
            if (d == direction::encrypt)
                xor_into(after.data(), c.iv.data(), block_size_);
            code = inner_->crypt(d, after.data(), after.data(), block_size_);
            if (d == direction::decrypt)
                xor_into(after.data(), c.iv.data(), block_size_);
            std::memcpy(out + i, after.data(), block_size_);
            std::memcpy(c.iv.data(), before.data(), block_size_);
            xor_into(c.iv.data(), after.data(), block_size_);
        }
        base::wipe(before);
        base::wipe(after);
        return code;
    }
};

/// What cfb and ofb share: a keystream block is the encrypted chain; `Next` says what the chain is then.
template <class Next>
class feedback_context final : public mode_context {
  public:
    using mode_context::mode_context;
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        block keystream;
        block before;
        int code = 0;
        for (std::size_t i = 0; i < length && code == 0; i += block_size_) {
            const std::size_t n = std::min(block_size_, length - i);
            code = encrypt_one(c.iv.data(), keystream.data());
            std::memcpy(before.data(), in + i, n);
            std::memmove(out + i, in + i, n);
            xor_into(out + i, keystream.data(), n);
            if (n == block_size_ || Next::moves_on_short_block)
                std::memcpy(c.iv.data(), Next::chained(d, keystream.data(), before.data(), out + i),
                            block_size_);
        }
        base::wipe(keystream);
        base::wipe(before);
        return code;
    }
};

/// NIST SP 800-38A section 6.3, with whole blocks: the ciphertext is fed back.
struct cipher_feedback {
    /// There is no ciphertext of a whole block to go on from.
    static constexpr bool moves_on_short_block = false;
    static const std::uint8_t *chained(direction d, const std::uint8_t *, const std::uint8_t *in,
                                       const std::uint8_t *out) noexcept {
        return d == direction::encrypt ? out : in;
    }
};

/// NIST SP 800-38A section 6.4: the keystream is fed back.
struct output_feedback {
    static constexpr bool moves_on_short_block = true;
    static const std::uint8_t *chained(direction, const std::uint8_t *keystream, const std::uint8_t *,
                                       const std::uint8_t *) noexcept {
        return keystream;
    }
};

} // namespace

bool fill_pcbc(driver &instance) noexcept {
    return fill_mode<pcbc_context>(instance, block_limits(instance.part(0).sizes.block_size));
}

bool fill_cfb(driver &instance) noexcept {
    return fill_mode<feedback_context<cipher_feedback>>(instance,
                                                        stream_limits(instance.part(0).sizes.block_size));
}

bool fill_ofb(driver &instance) noexcept {
    return fill_mode<feedback_context<output_feedback>>(instance,
                                                        stream_limits(instance.part(0).sizes.block_size));
}

} // namespace kcapi::local
