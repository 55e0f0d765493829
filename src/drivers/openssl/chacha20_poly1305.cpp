// SPDX-License-Identifier: BSD-3-Clause
//
// rfc7539(chacha20,poly1305): the AEAD of RFC 8439, which replaced RFC 7539.
#include "drivers/openssl/aead_stream.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"

namespace kcapi::openssl {

namespace {

constexpr std::size_t key_size = 32;

class chacha20_poly1305_context final : public streamed_aead {
  public:
    chacha20_poly1305_context(const suite &ciphers, base::secret_buffer key) noexcept
        : streamed_aead(ciphers.chacha20_poly1305, std::move(key)) {}
};

} // namespace

int make_chacha20_poly1305(const suite &ciphers, base::bytes key,
                           std::unique_ptr<local::aead_key> &out) noexcept {
    return key.size() == key_size ? make_keyed<chacha20_poly1305_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
