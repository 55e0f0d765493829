// SPDX-License-Identifier: BSD-3-Clause
//
// Key agreement: two sides with a key pair each come to the same secret by exchanging public keys. It is a
// point of a curve or a number, not a key: derive one from it (hkdf).
#pragma once

#include <kcapi/algorithm.hpp>

namespace kcapi {

/// One side with its key pair, "dh" or a curve such as "ecdh-nist-p256".
class key_agreement : public detail::object {
  public:
    /// ecdh makes a side on a curve. `private_key` is a big-endian number; empty: one is generated. Errors as
    /// cipher::create.
    [[nodiscard]] static result<key_agreement> ecdh(std::string_view curve, bytes private_key = {},
                                                    options o = {}) noexcept {
        return make(curve, {}, private_key, o);
    }

    /// dh makes a side over the group of `parameters`, a DHParameter (PKCS #3) in DER.
    [[nodiscard]] static result<key_agreement> dh(bytes parameters, bytes private_key = {},
                                                  options o = {}) noexcept {
        if (parameters.empty())
            return error{EINVAL, "dh without parameters"};
        return make("dh", parameters, private_key, o);
    }

    /// The largest size of a public key and of a secret.
    [[nodiscard]] std::size_t max_size() const noexcept { return valid() ? max_size_ : 0; }

    /// public_key writes what the other side needs, and returns its length. `out` has max_size() bytes.
    [[nodiscard]] result<std::size_t> public_key(mutable_bytes out) const noexcept {
        return detail::count_or_error(kcapi_kpp_keygen(get(), out.data(), out.size(), KCAPI_ACCESS_HEURISTIC),
                                      "making a public key");
    }

    /// shared_secret writes the secret that follows from the other side's public key, and returns its length.
    /// `out` has max_size() bytes. EINVAL, too, for a public key that is none.
    [[nodiscard]] result<std::size_t> shared_secret(bytes peer, mutable_bytes out) const noexcept {
        return detail::count_or_error(
            kcapi_kpp_ssgen(get(), peer.data(), peer.size(), out.data(), out.size(), KCAPI_ACCESS_HEURISTIC),
            "making a shared secret");
    }

  private:
    key_agreement(detail::handle h, std::size_t max_size) noexcept
        : object(std::move(h)), max_size_(max_size) {}

    static result<key_agreement> make(std::string_view name, bytes parameters, bytes key,
                                      options o) noexcept {
        result<detail::handle> h = detail::handle::open("kpp", name, o.on);
        if (!h)
            return h.error();
        if (!detail::fits_32(parameters.size()) || !detail::fits_32(key.size()))
            return error{EINVAL, "the length of parameters or key"};
        if (!parameters.empty())
            if (const int r = kcapi_kpp_dh_setparam_pkcs3(h->get(), parameters.data(),
                                                          static_cast<std::uint32_t>(parameters.size()));
                r < 0)
                return error{-r, "setting the parameters"};
        const int r = kcapi_kpp_setkey(h->get(), key.empty() ? nullptr : key.data(),
                                       static_cast<std::uint32_t>(key.size()));
        if (r < 0)
            return error{-r, "setting the key"};
        return key_agreement(std::move(*h), static_cast<std::size_t>(r));
    }

    std::size_t max_size_;
};

} // namespace kcapi
