// SPDX-License-Identifier: BSD-3-Clause
//
// libgcrypt's objects under the names by which this folder owns them, and what its failures mean as errno
// values.
#pragma once

#include <gcrypt.h>

#include <cerrno>
#include <memory>
#include <type_traits>

namespace kcapi::gcrypt {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T *p) const noexcept {
        Free(p);
    }
};

/// libgcrypt wipes what they held.
using cipher_handle = std::unique_ptr<std::remove_pointer_t<gcry_cipher_hd_t>, freed_by<gcry_cipher_close>>;
using digest_handle = std::unique_ptr<std::remove_pointer_t<gcry_md_hd_t>, freed_by<gcry_md_close>>;

[[nodiscard]] inline int outcome_of(gcry_error_t e) noexcept {
    switch (gcry_err_code(e)) {
    case GPG_ERR_NO_ERROR:
        return 0;
    case GPG_ERR_ENOMEM:
        return ENOMEM;
    case GPG_ERR_INV_KEYLEN:
    case GPG_ERR_INV_LENGTH:
        return EINVAL;
    default:
        return EIO;
    }
}

} // namespace kcapi::gcrypt
