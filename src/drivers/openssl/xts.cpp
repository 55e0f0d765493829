// SPDX-License-Identifier: BSD-3-Clause
//
// xts(aes): IEEE 1619, the key being data key and tweak key one after the other, with ciphertext stealing.
//
// libcrypto's XTS lacks what Linux has: AES-192, equal key halves in encryption, and messages above 2^20
// blocks. The first two go by single blocks and the tweak arithmetic here, as do small messages, because that
// is faster. A long message is continued by giving the service as IV what the tweak key encrypts to the tweak
// of that place.
//
// What is carried into a pass without an IV is what Linux carries on x86 with AES-NI: the tweak reached,
// which the next pass takes for an IV. Encryption reaches the tweak after the last whole block, so does
// decryption of whole blocks; decryption with stealing, one less (Linux 6.12 and 7.3, measured at 28
// lengths). To know it costs a block of the tweak key and the way there, so it is only noted (chain::blocks)
// and worked out by the next pass if that brings no IV.
#include "base/secret.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/stream.hpp"
#include "drivers/openssl/tweak.hpp"

#include <algorithm>

namespace kcapi::openssl {

namespace {

using local::direction;

/// Up to here the path by single blocks is faster than giving libcrypto's XTS a new IV.
constexpr std::size_t small = 384;

/// What libcrypto takes as one message: 2^20 blocks.
constexpr std::size_t service_limit = std::size_t{16} << 20;

bool halves_equal(base::bytes key) noexcept {
    return base::ct_equal(key.first(key.size() / 2), key.last(key.size() / 2));
}

class xts_context final : public local::skcipher_context {
  public:
    xts_context(const suite &ciphers, base::secret_buffer key) noexcept
        : key_(std::move(key)), service_cipher_(ciphers.xts[*aes_index(key_.size() / 2)]),
          own_limit_(service_cipher_ == nullptr || halves_equal(key_.view()) ? SIZE_MAX
                     : ciphers.own_paths                                     ? small
                                                                             : 0),
          data_blocks_(ciphers.ecb[*aes_index(key_.size() / 2)], key_.view().first(key_.size() / 2)),
          tweak_blocks_(ciphers.ecb[*aes_index(key_.size() / 2)], key_.view().last(key_.size() / 2)) {}

    int crypt(direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override;

  private:
    /// The tweak of the message's first block.
    [[nodiscard]] int first_tweak(const std::uint8_t *iv, tweak &t) noexcept;
    /// Puts the tweak `blocks` after the one that `c.iv` encrypts to in the place of `c.iv`.
    [[nodiscard]] int move_on(local::chain &c, std::uint64_t blocks) noexcept;

    [[nodiscard]] int by_blocks(direction d, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                                std::size_t length) noexcept;
    [[nodiscard]] int whole_blocks(direction d, tweak &t, const std::uint8_t *in, std::uint8_t *out,
                                   std::size_t length) noexcept;
    [[nodiscard]] int one_block(direction d, tweak t, const std::uint8_t *in, std::uint8_t *out) noexcept;
    [[nodiscard]] int steal(direction d, tweak t, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t tail) noexcept;

    [[nodiscard]] int by_service(direction d, block iv, const std::uint8_t *in, std::uint8_t *out,
                                 std::size_t length) noexcept;

    const base::secret_buffer key_;
    const EVP_CIPHER *const service_cipher_;
    const std::size_t own_limit_;
    block_stream data_blocks_;
    block_stream tweak_blocks_;
    std::array<stream, 2> services_;
};

int xts_context::crypt(direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
                       std::size_t length) noexcept {
    if (length < block_size)
        return EINVAL;
    if (c.blocks != 0) {
        if (const int failure = move_on(c, c.blocks); failure != 0)
            return failure;
    }
    block iv;
    std::memcpy(iv.data(), c.iv.data(), block_size);
    const int failure =
        length <= own_limit_ ? by_blocks(d, iv, in, out, length) : by_service(d, iv, in, out, length);
    if (failure != 0)
        return failure;
    c.blocks = length / block_size - (d == direction::decrypt && length % block_size != 0 ? 1 : 0);
    // None passed does not mean that the IV stays: the first tweak itself is carried.
    return c.blocks == 0 ? move_on(c, 0) : 0;
}

int xts_context::first_tweak(const std::uint8_t *iv, tweak &t) noexcept {
    block encrypted;
    const int failure = tweak_blocks_.crypt(direction::encrypt, iv, encrypted.data(), block_size);
    t = tweak::load(encrypted.data());
    base::wipe(encrypted);
    return failure;
}

int xts_context::move_on(local::chain &c, std::uint64_t blocks) noexcept {
    tweak t;
    if (const int failure = first_tweak(c.iv.data(), t); failure != 0)
        return failure;
    t.skip(blocks);
    block reached;
    t.store(reached.data());
    c.set(reached);
    return 0;
}

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

int xts_context::by_service(direction d, block iv, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t length) noexcept {
    stream &s = services_[static_cast<std::size_t>(d)];
    if (!s.is_open()) {
        if (const int failure = s.open(service_cipher_, key_.view(), d); failure != 0)
            return failure;
    }
    while (length > service_limit) {
        // The last piece must have at least one whole block, or there is nothing to steal from.
        const std::size_t n =
            length - service_limit < block_size ? service_limit - block_size : service_limit;
        if (const int failure = s.set_iv(iv.data()); failure != 0)
            return failure;
        if (const int failure = s.update(in, out, n); failure != 0)
            return failure;
        tweak t;
        if (const int failure = first_tweak(iv.data(), t); failure != 0)
            return failure;
        t.skip(n / block_size);
        t.store(iv.data());
        if (const int failure = tweak_blocks_.crypt(direction::decrypt, iv.data(), iv.data(), block_size);
            failure != 0)
            return failure;
        in += n;
        out += n;
        length -= n;
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
