// SPDX-License-Identifier: BSD-3-Clause
//
// Keys from their numbers.
#pragma once

#include "base/bytes.hpp"
#include "drivers/openssl/approval.hpp"
#include "drivers/openssl/handles.hpp"

namespace kcapi::openssl {

/// A number in memory that is wiped when it is freed, as are parameters made of it. Null without memory.
[[nodiscard]] inline number make_number(base::bytes big_endian) noexcept {
    number n(BN_secure_new());
    if (n != nullptr && BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), n.get()) == nullptr)
        n.reset();
    return n;
}

/// Of type "RSA", "DH" or "EC". Null: the numbers are no key, or memory is short.
[[nodiscard]] inline pkey make_pkey(const char *type, OSSL_PARAM_BLD *numbers, int selection) noexcept {
    const params given(OSSL_PARAM_BLD_to_param(numbers));
    const pkey_context context(EVP_PKEY_CTX_new_from_name(nullptr, type, property_query()));
    EVP_PKEY *made = nullptr;
    if (given == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &made, selection, given.get()) != 1)
        return nullptr;
    return pkey(made);
}

[[nodiscard]] inline pkey_context make_context(const pkey &key) noexcept {
    return pkey_context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), property_query()));
}

} // namespace kcapi::openssl
