// SPDX-License-Identifier: BSD-3-Clause
//
// rfc7539(chacha20,poly1305): the AEAD of RFC 8439, which replaced RFC 7539. rfc7539esp is the same as IPsec
// uses it (RFC 7634): the last 4 bytes of the key are the nonce's first, and the last 8 of the associated
// data, there for the IV that a packet carries, are not authenticated and not where the IV is taken from.
#include "drivers/openssl/aead_stream.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"

namespace kcapi::openssl {

namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t salt_size = 4;
constexpr std::size_t explicit_iv_size = nonce_size - salt_size;

class chacha20_poly1305_context final : public streamed_aead {
  public:
    chacha20_poly1305_context(const suite &ciphers, base::secret_buffer key) noexcept
        : streamed_aead(ciphers.chacha20_poly1305, std::move(key)) {}
};

class esp_context final : public local::aead_context {
  public:
    esp_context(const suite &ciphers, base::secret_buffer key) noexcept
        : inner_(ciphers.chacha20_poly1305, std::move(key)) {}
    ~esp_context() override { base::wipe(nonce_); }

    void set_salt(base::bytes salt) noexcept { std::copy(salt.begin(), salt.end(), nonce_.begin()); }

    int encrypt(const local::aead_message &m, base::mutable_bytes tag) noexcept override {
        return m.assoc.size() < explicit_iv_size ? EINVAL : inner_.encrypt(inner_message(m), tag);
    }
    int decrypt(const local::aead_message &m, base::bytes tag) noexcept override {
        if (m.assoc.size() >= explicit_iv_size)
            return inner_.decrypt(inner_message(m), tag);
        base::wipe(m.out, m.length);
        return EINVAL;
    }

  private:
    [[nodiscard]] local::aead_message inner_message(const local::aead_message &m) noexcept {
        std::copy_n(m.iv, explicit_iv_size, nonce_.begin() + salt_size);
        local::aead_message inner = m;
        inner.iv = nonce_.data();
        inner.assoc = m.assoc.first(m.assoc.size() - explicit_iv_size);
        return inner;
    }

    streamed_aead inner_;
    std::array<std::uint8_t, nonce_size> nonce_{};
};

class esp_key final : public local::aead_key {
  public:
    esp_key(const suite &ciphers, base::secret_buffer key) noexcept
        : ciphers_(ciphers), key_(std::move(key)) {}

    std::unique_ptr<local::aead_context> open() const noexcept override {
        result<base::secret_buffer> copy = base::secret_buffer::copy_of(key_.view().first(key_size));
        if (!copy)
            return nullptr;
        std::unique_ptr<esp_context> made(new (std::nothrow) esp_context(ciphers_, std::move(*copy)));
        if (made != nullptr)
            made->set_salt(key_.view().last(salt_size));
        return made;
    }

  private:
    const suite &ciphers_;
    const base::secret_buffer key_;
};

} // namespace

int make_chacha20_poly1305(const suite &ciphers, base::bytes key,
                           std::unique_ptr<local::aead_key> &out) noexcept {
    return key.size() == key_size ? make_keyed<chacha20_poly1305_context>(ciphers, key, out) : EINVAL;
}

int make_rfc7539esp(const suite &ciphers, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
    if (key.size() != key_size + salt_size)
        return EINVAL;
    result<base::secret_buffer> copy = base::secret_buffer::copy_of(key);
    if (!copy)
        return copy.error().code;
    out.reset(new (std::nothrow) esp_key(ciphers, std::move(*copy)));
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::openssl
