// SPDX-License-Identifier: BSD-3-Clause
//
// gcm(aes): NIST SP 800-38D with IVs of 12 bytes.
#include "drivers/openssl/aead_stream.hpp"
#include "drivers/openssl/keyed.hpp"
#include "drivers/openssl/modes.hpp"

namespace kcapi::openssl {

namespace {

class gcm_context final : public streamed_aead {
  public:
    gcm_context(const suite &ciphers, base::secret_buffer key) noexcept
        : streamed_aead(ciphers.gcm[*aes_index(key.size())], std::move(key)) {}
};

} // namespace

int make_gcm(const suite &ciphers, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
    return aes_index(key.size()) ? make_keyed<gcm_context>(ciphers, key, out) : EINVAL;
}

} // namespace kcapi::openssl
