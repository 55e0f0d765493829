// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/secret.hpp"
#include "drivers/openssl/make_pkey.hpp"

namespace kcapi::openssl {

/// The secret that `own` shares with `peer`, `size` bytes. EINVAL also where the peer's key is none of the
/// group: libcrypto looks before it computes.
[[nodiscard]] inline int derive(const quiet_scope &scope, const pkey &own, const pkey &peer,
                                const OSSL_PARAM *settings, base::mutable_bytes out) noexcept {
    const pkey_context context = make_context(own);
    if (context == nullptr)
        return ENOMEM;
    std::size_t length = out.size();
    if (EVP_PKEY_derive_init_ex(context.get(), settings) != 1 ||
        EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1 ||
        EVP_PKEY_derive(context.get(), out.data(), &length) != 1 || length != out.size()) {
        base::wipe(out);
        return scope.reason(EINVAL);
    }
    return 0;
}

} // namespace kcapi::openssl
