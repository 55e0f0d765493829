// SPDX-License-Identifier: BSD-3-Clause
//
// libcrypto's objects under the names by which this folder owns them.
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <memory>

namespace kcapi::openssl {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T *p) const noexcept {
        Free(p);
    }
};

template <class T, auto Free>
using handle = std::unique_ptr<T, freed_by<Free>>;

using rand_method = handle<EVP_RAND, EVP_RAND_free>;
using rand_context = handle<EVP_RAND_CTX, EVP_RAND_CTX_free>;
using pkey = handle<EVP_PKEY, EVP_PKEY_free>;
using pkey_context = handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
/// A number; what it held is wiped.
using number = handle<BIGNUM, BN_clear_free>;
using number_context = handle<BN_CTX, BN_CTX_free>;
using param_builder = handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
/// Numbers that came from BN_secure_new are wiped with it.
using params = handle<OSSL_PARAM, OSSL_PARAM_free>;

} // namespace kcapi::openssl
