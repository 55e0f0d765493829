// SPDX-License-Identifier: BSD-3-Clause
//
// Asymmetric ciphers and signatures: "rsa" on its own, or with padding such as "pkcs1pad(rsa,sha256)". rsa
// without padding is a building block and not safe for messages.
#pragma once

#include <kcapi/algorithm.hpp>

namespace kcapi {

namespace detail {

using pubkey_function = ssize_t (*)(kcapi_handle *, const std::uint8_t *, std::size_t, std::uint8_t *,
                                    std::size_t, int);

/// What both kinds of keys share.
class pubkey : public object {
  public:
    /// The largest output of an operation: the size of the modulus.
    [[nodiscard]] std::size_t max_size() const noexcept { return valid() ? max_size_ : 0; }

  protected:
    pubkey(handle h, std::size_t max_size) noexcept : object(std::move(h)), max_size_(max_size) {}

    template <class Key, class Set>
    [[nodiscard]] static result<Key> make(std::string_view name, bytes der, options o, Set set) noexcept {
        result<handle> h = handle::open("akcipher", name, o.on);
        if (!h)
            return h.error();
        if (!fits_32(der.size()))
            return error{EINVAL, "the length of the key"};
        const int r = set(h->get(), der.data(), static_cast<std::uint32_t>(der.size()));
        if (r < 0)
            return error{-r, "setting the key"};
        return Key(std::move(*h), static_cast<std::size_t>(r));
    }
    result<std::size_t> run(pubkey_function f, bytes in, mutable_bytes out,
                            const char *where) const noexcept {
        return count_or_error(f(get(), in.data(), in.size(), out.data(), out.size(), KCAPI_ACCESS_HEURISTIC),
                              where);
    }

  private:
    std::size_t max_size_;
};

} // namespace detail

/// Encrypts, and verifies signatures.
class public_key : public detail::pubkey {
  public:
    /// `der` is an RSAPublicKey (RFC 8017, appendix A.1.1). Errors as cipher::create.
    [[nodiscard]] static result<public_key> create(std::string_view name, bytes der,
                                                   options o = {}) noexcept {
        return make<public_key>(name, der, o, kcapi_akcipher_setpubkey);
    }

    /// encrypt returns the length of the ciphertext; `out` has max_size() bytes.
    [[nodiscard]] result<std::size_t> encrypt(bytes in, mutable_bytes out) const noexcept {
        return run(kcapi_akcipher_encrypt, in, out, "encrypting");
    }

    /// verify succeeds if `signature` is one of `digest`, the hash of the signed message; EBADMSG otherwise.
    [[nodiscard]] result<void> verify(bytes signature, bytes digest) const noexcept {
        std::array<std::uint8_t, 2048> recovered;
        if (max_size() > recovered.size())
            return error{EMSGSIZE, "a key of more than 16384 bits"};
        const result<std::size_t> r =
            run(kcapi_akcipher_verify, signature, mutable_bytes(recovered).first(max_size()), "verifying");
        if (!r)
            return r.error();
        if (!equal_in_constant_time(bytes(recovered).first(*r), digest))
            return error{EBADMSG, "the signature is one of something else"};
        return {};
    }

  private:
    friend class detail::pubkey;
    using pubkey::pubkey;
};

/// Decrypts, and signs.
class private_key : public detail::pubkey {
  public:
    /// `der` is an RSAPrivateKey (RFC 8017, appendix A.1.2). Errors as cipher::create.
    [[nodiscard]] static result<private_key> create(std::string_view name, bytes der,
                                                    options o = {}) noexcept {
        return make<private_key>(name, der, o, kcapi_akcipher_setkey);
    }

    /// decrypt returns the length of the plaintext; `out` has max_size() bytes.
    [[nodiscard]] result<std::size_t> decrypt(bytes in, mutable_bytes out) const noexcept {
        return run(kcapi_akcipher_decrypt, in, out, "decrypting");
    }

    /// sign returns the length of the signature of `digest`; `out` has max_size() bytes.
    [[nodiscard]] result<std::size_t> sign(bytes digest, mutable_bytes out) const noexcept {
        return run(kcapi_akcipher_sign, digest, out, "signing");
    }

  private:
    friend class detail::pubkey;
    using pubkey::pubkey;
};

} // namespace kcapi
