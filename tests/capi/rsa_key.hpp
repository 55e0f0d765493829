// SPDX-License-Identifier: BSD-3-Clause
//
// An RSA key of the test's own, and what OpenSSL's EVP makes of it, as the reference.
#pragma once

#include "capi/support.hpp"

namespace kcapi::test {

/// 2048 bits, the same all the time that the program runs.
constexpr std::size_t rsa_size = 256;
const octets &rsa_private_der();
const octets &rsa_public_der();

/// The signature of a digest of `hash` ("SHA256"), with the padding of PKCS #1 v1.5.
octets rsa_reference_signature(const char *hash, const octets &digest);
/// What the ciphertext, padded so, decrypts to; empty if it does not.
octets rsa_reference_decryption(const octets &ciphertext);

/// An akcipher handle that is destroyed at the end; making it must succeed.
class akcipher {
  public:
    explicit akcipher(const char *name);
    /// With a private key, or a public one.
    akcipher(const char *name, const octets &der, bool is_private = true);
    akcipher(const akcipher &) = delete;
    akcipher &operator=(const akcipher &) = delete;
    ~akcipher() { kcapi_akcipher_destroy(handle_); }

    [[nodiscard]] kcapi_handle *get() const { return handle_; }
    int set_key(const octets &der) {
        return kcapi_akcipher_setkey(handle_, der.data(), static_cast<std::uint32_t>(der.size()));
    }
    int set_public_key(const octets &der) {
        return kcapi_akcipher_setpubkey(handle_, der.data(), static_cast<std::uint32_t>(der.size()));
    }

    using one_shot = ssize_t(kcapi_handle *, const std::uint8_t *, std::size_t, std::uint8_t *, std::size_t,
                             int);
    /// The result, and in `out` what was written into `room` bytes.
    ssize_t call(one_shot *function, const octets &in, octets &out, std::size_t room = rsa_size,
                 int access = KCAPI_ACCESS_HEURISTIC);

  private:
    kcapi_handle *handle_ = nullptr;
};

} // namespace kcapi::test
