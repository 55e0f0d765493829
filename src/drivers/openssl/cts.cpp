// SPDX-License-Identifier: BSD-3-Clause
//
// cts(cbc(aes)): CBC with ciphertext stealing, the last two blocks always swapped (CS3 of the addendum to
// NIST SP 800-38A; RFC 3962 section 5). One block alone is plain CBC.
//
// What is carried into a pass without an IV is what Linux carries on x86 with AES-NI: the last ciphertext
// block before the two that are swapped, or the IV if there is none (6.12 and 7.3, measured at 28 lengths,
// both ways).
#include "base/secret.hpp"
#include "drivers/openssl/cbc.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"

namespace kcapi::openssl {

namespace {

class cts_context final : public local::skcipher_context {
  public:
    cts_context(const suite &ciphers, base::secret_buffer key) noexcept
        : key_(std::move(key)), cbc_(ciphers, key_.view()) {}

    int crypt(local::direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override;

  private:
    /// One whole block and `tail` bytes, 1 to 16, from `iv`.
    [[nodiscard]] int encrypt_end(block iv, const std::uint8_t *in, std::uint8_t *out,
                                  std::size_t tail) noexcept;
    [[nodiscard]] int decrypt_end(block iv, const std::uint8_t *in, std::uint8_t *out,
                                  std::size_t tail) noexcept;

    const base::secret_buffer key_;
    cbc_stream cbc_;
};

int cts_context::crypt(local::direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
                       std::size_t length) noexcept {
    if (length < block_size)
        return EINVAL;
    const std::size_t tail = length == block_size ? 0 : (length - 1) % block_size + 1;
    const std::size_t head = tail == 0 ? length : length - block_size - tail;
    block iv;
    std::memcpy(iv.data(), c.iv.data(), block_size);
    int failure = cbc_.crypt(d, iv, in, out, head);
    if (failure == 0 && tail != 0)
        failure = d == local::direction::encrypt ? encrypt_end(iv, in + head, out + head, tail)
                                                 : decrypt_end(iv, in + head, out + head, tail);
    if (failure == 0)
        c.set(iv);
    return failure;
}

int cts_context::encrypt_end(block iv, const std::uint8_t *in, std::uint8_t *out, std::size_t tail) noexcept {
    std::array<std::uint8_t, 2 * block_size> end{};
    std::memcpy(end.data(), in, block_size + tail);
    const int failure = cbc_.crypt(local::direction::encrypt, iv, end.data(), end.data(), end.size());
    if (failure == 0) {
        std::memcpy(out, end.data() + block_size, block_size);
        std::memcpy(out + block_size, end.data(), tail);
    }
    base::wipe(end);
    return failure;
}

int cts_context::decrypt_end(block iv, const std::uint8_t *in, std::uint8_t *out, std::size_t tail) noexcept {
    // With the short block filled up by zeros as its IV, the whole one decrypts to the last plaintext and,
    // after it, the bytes that the short block lost.
    block stolen{};
    std::memcpy(stolen.data(), in + block_size, tail);
    block filling = stolen;
    block last;
    int failure = cbc_.crypt(local::direction::decrypt, filling, in, last.data(), block_size);
    if (failure == 0) {
        std::memcpy(stolen.data() + tail, last.data() + tail, block_size - tail);
        failure = cbc_.crypt(local::direction::decrypt, iv, stolen.data(), out, block_size);
    }
    if (failure == 0)
        std::memcpy(out + block_size, last.data(), tail);
    base::wipe(last);
    base::wipe(stolen);
    return failure;
}

} // namespace

int make_cts(const suite &ciphers, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<cts_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
