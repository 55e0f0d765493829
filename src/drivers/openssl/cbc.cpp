// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/openssl/cbc.hpp"

#include "base/secret.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"
#include "local/places.hpp"

namespace kcapi::openssl {

int cbc_stream::crypt(local::direction d, block &iv, const std::uint8_t *in, std::uint8_t *out,
                      std::size_t length) noexcept {
    if (length == 0)
        return 0;
    side &s = sides_[static_cast<std::size_t>(d)];
    if (const int failure = prepare(s, d, iv); failure != 0)
        return failure;
    // Until the message is through nobody knows where the context stands.
    s.certain = false;
    const bool encrypting = d == local::direction::encrypt;
    block last;
    if (!encrypting)
        std::memcpy(last.data(), in + length - block_size, block_size);
    const int failure = encrypting ? encrypt(s, iv, in, out, length) : decrypt(s, iv, in, out, length);
    if (failure != 0)
        return failure;
    if (encrypting)
        std::memcpy(last.data(), out + length - block_size, block_size);
    s.position = last;
    s.certain = true;
    iv = last;
    return 0;
}

int cbc_stream::prepare(side &s, local::direction d, const block &iv) noexcept {
    if (!s.context.is_open()) {
        if (const int failure = s.context.open(ciphers_.cbc[*aes_index(key_.size())], key_, d); failure != 0)
            return failure;
        s.position.fill(0);
        s.certain = true;
    }
    if (s.certain && (ciphers_.own_paths || s.position == iv))
        return 0;
    s.certain = false;
    if (const int failure = s.context.set_iv(iv.data()); failure != 0)
        return failure;
    s.position = iv;
    return 0;
}

int cbc_stream::encrypt(side &s, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                        std::size_t length) noexcept {
    if (s.position == iv)
        return s.context.update(in, out, length);
    block first;
    xor_bytes(first.data(), s.position.data(), iv.data(), block_size);
    xor_bytes(first.data(), first.data(), in, block_size);
    const int failure = s.context.update(first.data(), out, block_size);
    base::wipe(first);
    return failure != 0 ? failure : s.context.update(in + block_size, out + block_size, length - block_size);
}

int cbc_stream::decrypt(side &s, const block &iv, const std::uint8_t *in, std::uint8_t *out,
                        std::size_t length) noexcept {
    if (const int failure = s.context.update(in, out, length); failure != 0)
        return failure;
    if (s.position != iv) {
        xor_bytes(out, out, s.position.data(), block_size);
        xor_bytes(out, out, iv.data(), block_size);
    }
    return 0;
}

namespace {

class cbc_context final : public local::skcipher_context {
  public:
    cbc_context(const suite &ciphers, base::secret_buffer key) noexcept
        : key_(std::move(key)), cbc_(ciphers, key_.view()) {}

    int crypt(local::direction d, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        if (length % block_size != 0)
            return EINVAL;
        block iv;
        std::memcpy(iv.data(), c.iv.data(), block_size);
        const int failure = cbc_.crypt(d, iv, in, out, length);
        if (failure == 0)
            c.set(iv);
        return failure;
    }
    int move_to(local::direction d, local::chain &c, const std::uint8_t *in,
                std::size_t offset) noexcept override {
        return local::cbc_place(d, c, in, offset, block_size);
    }

  private:
    const base::secret_buffer key_;
    cbc_stream cbc_;
};

} // namespace

int make_cbc(const suite &ciphers, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<cbc_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
