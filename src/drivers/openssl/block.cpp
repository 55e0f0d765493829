// SPDX-License-Identifier: BSD-3-Clause
//
// aes and ecb(aes): blocks, each on its own.
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/stream.hpp"

namespace kcapi::openssl {

namespace {

class block_context final : public local::cipher_context {
  public:
    block_context(const suite &ciphers, base::secret_buffer key) noexcept
        : key_(std::move(key)), blocks_(ciphers.ecb[*aes_index(key_.size())], key_.view()) {}

    int crypt(local::direction d, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        return length % block_size == 0 ? blocks_.crypt(d, in, out, length) : EINVAL;
    }

  private:
    const base::secret_buffer key_;
    block_stream blocks_;
};

class ecb_context final : public local::skcipher_context {
  public:
    ecb_context(const suite &ciphers, base::secret_buffer key) noexcept
        : key_(std::move(key)), blocks_(ciphers.ecb[*aes_index(key_.size())], key_.view()) {}

    int crypt(local::direction d, local::chain &, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        return length % block_size == 0 ? blocks_.crypt(d, in, out, length) : EINVAL;
    }
    int move_to(local::direction, local::chain &, const std::uint8_t *, std::size_t) noexcept override {
        return 0;
    }

  private:
    const base::secret_buffer key_;
    block_stream blocks_;
};

} // namespace

int make_block(const suite &ciphers, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<block_context>(ciphers, key, out) : EINVAL;
}

int make_ecb(const suite &ciphers, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<ecb_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
