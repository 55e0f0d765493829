// SPDX-License-Identifier: BSD-3-Clause
//
// ctr(aes). The unused keystream of a short last block is dropped; the next pass starts at the next counter.
#include "base/secret.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/stream.hpp"
#include "local/places.hpp"

namespace kcapi::openssl {

namespace {

using counter = local::counter128;

/// Up to here encrypting counter blocks and adding them is faster than giving libcrypto's CTR a new counter.
constexpr std::size_t small = 512;

class ctr_context final : public local::skcipher_context {
  public:
    ctr_context(const suite &ciphers, base::secret_buffer key) noexcept
        : ciphers_(ciphers), key_(std::move(key)),
          blocks_(ciphers.ecb[*aes_index(key_.size())], key_.view()) {}

    int crypt(local::direction, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override;
    int move_to(local::direction, local::chain &c, const std::uint8_t *,
                std::size_t offset) noexcept override {
        return local::counter_place(c, offset);
    }

  private:
    [[nodiscard]] int by_blocks(counter at, const std::uint8_t *in, std::uint8_t *out,
                                std::size_t length) noexcept;
    [[nodiscard]] int by_service(counter at, const std::uint8_t *in, std::uint8_t *out,
                                 std::size_t length) noexcept;
    [[nodiscard]] bool stands_at(counter at) const noexcept { return certain_ && position_ == at; }

    const suite &ciphers_;
    const base::secret_buffer key_;
    block_stream blocks_;
    stream service_;
    counter position_{};   ///< the counter that the service takes next
    bool certain_ = false; ///< whether it does; not after a failure or a short block
};

int ctr_context::crypt(local::direction, local::chain &c, const std::uint8_t *in, std::uint8_t *out,
                       std::size_t length) noexcept {
    if (length == 0)
        return 0;
    counter at = counter::load(c.iv.data());
    const bool own = ciphers_.own_paths && length <= small && !stands_at(at);
    const int failure = own ? by_blocks(at, in, out, length) : by_service(at, in, out, length);
    if (failure != 0)
        return failure;
    at.pass(length);
    at.leave_in(c);
    return 0;
}

int ctr_context::by_blocks(counter at, const std::uint8_t *in, std::uint8_t *out,
                           std::size_t length) noexcept {
    std::array<std::uint8_t, small> keystream;
    const std::size_t whole = (length + block_size - 1) / block_size * block_size;
    for (std::size_t i = 0; i < whole; i += block_size, at.add(1))
        at.store(keystream.data() + i);
    const int failure = blocks_.crypt(local::direction::encrypt, keystream.data(), keystream.data(), whole);
    if (failure == 0)
        xor_bytes(out, in, keystream.data(), length);
    base::wipe({keystream.data(), whole});
    return failure;
}

int ctr_context::by_service(counter at, const std::uint8_t *in, std::uint8_t *out,
                            std::size_t length) noexcept {
    if (!service_.is_open()) {
        const EVP_CIPHER *const cipher = ciphers_.ctr[*aes_index(key_.size())];
        if (const int failure = service_.open(cipher, key_.view(), local::direction::encrypt); failure != 0)
            return failure;
    }
    if (!stands_at(at)) {
        certain_ = false;
        block iv;
        at.store(iv.data());
        if (const int failure = service_.set_iv(iv.data()); failure != 0)
            return failure;
    }
    certain_ = false;
    if (const int failure = service_.update(in, out, length); failure != 0)
        return failure;
    at.add(length / block_size);
    position_ = at;
    certain_ = length % block_size == 0;
    return 0;
}

} // namespace

int make_ctr(const suite &ciphers, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<ctr_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
