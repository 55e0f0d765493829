// SPDX-License-Identifier: BSD-3-Clause
//
// xts(aes): IEEE 1619, the key being data key and tweak key one after the other, with ciphertext stealing.
//
// libcrypto's XTS lacks what Linux has: AES-192 and equal key halves in encryption, besides what xts_message
// adds. These go by single blocks and the tweak arithmetic here, as do small messages, because that is
// faster.
#include "base/secret.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/stream.hpp"
#include "local/xts_message.hpp"

namespace kcapi::openssl {

namespace {

using local::direction;
using local::tweak;

/// Up to here the path by single blocks is faster than giving libcrypto's XTS a new IV.
constexpr std::size_t small = 384;

bool halves_equal(base::bytes key) noexcept {
    return base::ct_equal(key.first(key.size() / 2), key.last(key.size() / 2));
}

class xts_context final : public local::xts_message {
  public:
    xts_context(const suite &ciphers, base::secret_buffer key) noexcept
        : key_(std::move(key)), service_cipher_(ciphers.xts[*aes_index(key_.size() / 2)]),
          own_limit_(service_cipher_ == nullptr || halves_equal(key_.view()) ? SIZE_MAX
                     : ciphers.own_paths                                     ? small
                                                                             : 0),
          data_blocks_(ciphers.ecb[*aes_index(key_.size() / 2)], key_.view().first(key_.size() / 2)),
          tweak_blocks_(ciphers.ecb[*aes_index(key_.size() / 2)], key_.view().last(key_.size() / 2)) {}

  private:
    int tweak_block(direction d, const std::uint8_t *in, std::uint8_t *out) noexcept override {
        return tweak_blocks_.crypt(d, in, out, block_size);
    }
    int unit(direction d, const iv_block &iv, const std::uint8_t *in, std::uint8_t *out,
             std::size_t length) noexcept override;
    int message(direction d, iv_block iv, const std::uint8_t *in, std::uint8_t *out,
                std::size_t length) noexcept override {
        return length <= own_limit_ ? by_blocks(d, iv, in, out, length)
                                    : xts_message::message(d, iv, in, out, length);
    }

    [[nodiscard]] int by_blocks(direction d, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                                std::size_t length) noexcept;
    [[nodiscard]] int whole_blocks(direction d, tweak &t, const std::uint8_t *in, std::uint8_t *out,
                                   std::size_t length) noexcept;
    [[nodiscard]] int one_block(direction d, tweak t, const std::uint8_t *in, std::uint8_t *out) noexcept;
    [[nodiscard]] int steal(direction d, tweak t, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t tail) noexcept;

    const base::secret_buffer key_;
    const EVP_CIPHER *const service_cipher_;
    const std::size_t own_limit_;
    block_stream data_blocks_;
    block_stream tweak_blocks_;
    std::array<stream, 2> services_;
};

int xts_context::by_blocks(direction d, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                           std::size_t length) noexcept {
    tweak t;
    if (const int failure = first_tweak(iv.data(), t); failure != 0)
        return failure;
    const std::size_t tail = length % block_size;
    const std::size_t plain = tail == 0 ? length : length - block_size - tail;
    const int failure = whole_blocks(d, t, in, out, plain);
    return failure != 0 || tail == 0 ? failure : steal(d, t, in + plain, out + plain, tail);
}

int xts_context::whole_blocks(direction d, tweak &t, const std::uint8_t *in, std::uint8_t *out,
                              std::size_t length) noexcept {
    std::array<std::uint8_t, 512> tweaks;
    int failure = 0;
    const std::size_t used = std::min(length, tweaks.size());
    while (length != 0 && failure == 0) {
        const std::size_t n = std::min(length, tweaks.size());
        for (std::size_t i = 0; i < n; i += block_size, t.step())
            t.store(tweaks.data() + i);
        xor_bytes(out, in, tweaks.data(), n);
        failure = data_blocks_.crypt(d, out, out, n);
        xor_bytes(out, out, tweaks.data(), n);
        in += n;
        out += n;
        length -= n;
    }
    base::wipe({tweaks.data(), used});
    return failure;
}

int xts_context::one_block(direction d, tweak t, const std::uint8_t *in, std::uint8_t *out) noexcept {
    return whole_blocks(d, t, in, out, block_size);
}

/// One whole block and `tail` bytes: the block's result lends its end to the short one, and the two change
/// places. Decryption meets their tweaks in the other order.
int xts_context::steal(direction d, tweak t, const std::uint8_t *in, std::uint8_t *out,
                       std::size_t tail) noexcept {
    tweak next = t;
    next.step();
    if (d == direction::decrypt)
        std::swap(t, next);
    block lent;
    int failure = one_block(d, t, in, lent.data());
    block filled = lent;
    std::memcpy(filled.data(), in + block_size, tail);
    if (failure == 0)
        failure = one_block(d, next, filled.data(), out);
    if (failure == 0)
        std::memcpy(out + block_size, lent.data(), tail);
    base::wipe(lent);
    base::wipe(filled);
    return failure;
}

int xts_context::unit(direction d, const iv_block &iv, const std::uint8_t *in, std::uint8_t *out,
                      std::size_t length) noexcept {
    stream &s = services_[static_cast<std::size_t>(d)];
    if (!s.is_open()) {
        if (const int failure = s.open(service_cipher_, key_.view(), d); failure != 0)
            return failure;
    }
    if (const int failure = s.set_iv(iv.data()); failure != 0)
        return failure;
    return s.update(in, out, length);
}

} // namespace

int make_xts(const suite &ciphers, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    if (key.size() % 2 != 0 || !aes_index(key.size() / 2))
        return EINVAL;
    // As Linux in FIPS mode: neither AES-192 nor equal halves.
    if (!ciphers.own_paths && (ciphers.xts[*aes_index(key.size() / 2)] == nullptr || halves_equal(key)))
        return EINVAL;
    return make_keyed<xts_context>(ciphers, key, out);
}

} // namespace kcapi::openssl
