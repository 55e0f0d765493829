// SPDX-License-Identifier: BSD-3-Clause
//
// libgcrypt's objects under the names by which this folder owns them, and what its failures mean as errno
// values.
#pragma once

#include "local/driver.hpp"

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

/// An open cipher with its key. libgcrypt cannot copy one, so each context expands the key for itself.
[[nodiscard]] inline int open_cipher(int number, int mode, base::bytes key, cipher_handle &out) noexcept {
    gcry_cipher_hd_t handle = nullptr;
    if (const int code = outcome_of(gcry_cipher_open(&handle, number, mode, 0)); code != 0)
        return code;
    out.reset(handle);
    // A weak key is the program's choice, as in the kernel.
    const gcry_error_t e = gcry_cipher_setkey(handle, key.data(), key.size());
    return gcry_err_code(e) == GPG_ERR_WEAK_KEY ? 0 : outcome_of(e);
}

/// What the mode and length allow; `in` may equal `out`.
[[nodiscard]] inline int run(gcry_cipher_hd_t handle, local::direction d, const std::uint8_t *in,
                             std::uint8_t *out, std::size_t length) noexcept {
    // Without an input it works in place.
    const std::uint8_t *const from = in == out ? nullptr : in;
    const std::size_t given = in == out ? 0 : length;
    return outcome_of(d == local::direction::encrypt ? gcry_cipher_encrypt(handle, out, length, from, given)
                                                     : gcry_cipher_decrypt(handle, out, length, from, given));
}

} // namespace kcapi::gcrypt
