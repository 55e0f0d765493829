// SPDX-License-Identifier: BSD-3-Clause
//
// libcrypto's digest contexts, and what a failure of libcrypto means as an errno value.
#pragma once

#include <openssl/evp.h>

#include <cerrno>
#include <memory>

namespace kcapi::openssl {

struct md_deleter {
    void operator()(EVP_MD_CTX *context) const noexcept { EVP_MD_CTX_free(context); }
};
using md_context = std::unique_ptr<EVP_MD_CTX, md_deleter>;

/// A context at the start of a message; null if there is no memory.
[[nodiscard]] inline md_context start_digest(const EVP_MD *md) noexcept {
    md_context context(EVP_MD_CTX_new());
    if (context == nullptr || EVP_DigestInit_ex(context.get(), md, nullptr) != 1)
        return nullptr;
    return context;
}

/// 0 if libcrypto succeeded. Who ran out of memory in there leaves word in errno, which must have been 0.
[[nodiscard]] inline int outcome_of(bool succeeded) noexcept {
    return succeeded ? 0 : errno == ENOMEM ? ENOMEM : EIO;
}

} // namespace kcapi::openssl
