// SPDX-License-Identifier: BSD-3-Clause
//
// Every function that takes a handle and returns something, with arguments that are right for a handle of its
// family: for what a handle of another family, or none, is answered.
#pragma once

#include <kcapi.h>

#include <array>
#include <cstdint>
#include <span>

namespace kcapi::test {

struct family_call {
    const char *family; ///< as in the function's name; kdf functions are of md
    const char *name;
    ssize_t (*call)(kcapi_handle *h);
};

inline std::array<std::uint8_t, 100> call_data{};
inline iovec call_list{call_data.data(), 64};

// Shorter names for the tables below only.
namespace family_call_tables {

inline std::uint8_t *const b = call_data.data();
inline iovec *const v = &call_list;

#define KCAPI_TEST_CALL(family, name, ...)                                                                   \
    family_call {                                                                                            \
#family, "kcapi_" #family "_" #name,                                                                 \
            [](kcapi_handle *                                                                                \
               h) { return static_cast<ssize_t>(kcapi_##family##_##name(h __VA_OPT__(, ) __VA_ARGS__)); }    \
    }

/// Answered with -EINVAL.
inline const family_call numbers[] = {
    KCAPI_TEST_CALL(cipher, setkey, b, 16),
    KCAPI_TEST_CALL(cipher, encrypt, b, 16, b, b, 16, 0),
    KCAPI_TEST_CALL(cipher, decrypt, b, 16, b, b, 16, 0),
    KCAPI_TEST_CALL(cipher, encrypt_aio, v, v, 1, b, 0),
    KCAPI_TEST_CALL(cipher, decrypt_aio, v, v, 1, b, 0),
    KCAPI_TEST_CALL(cipher, stream_init_enc, b, v, 1),
    KCAPI_TEST_CALL(cipher, stream_init_dec, b, v, 1),
    KCAPI_TEST_CALL(cipher, stream_update, v, 1),
    KCAPI_TEST_CALL(cipher, stream_update_last, v, 1),
    KCAPI_TEST_CALL(cipher, stream_op, v, 1),
    KCAPI_TEST_CALL(aead, setkey, b, 16),
    KCAPI_TEST_CALL(aead, settaglen, 16),
    KCAPI_TEST_CALL(aead, encrypt, b, 16, b, b, 64, 0),
    KCAPI_TEST_CALL(aead, decrypt, b, 64, b, b, 64, 0),
    KCAPI_TEST_CALL(aead, encrypt_aio, v, v, 1, b, 0),
    KCAPI_TEST_CALL(aead, decrypt_aio, v, v, 1, b, 0),
    KCAPI_TEST_CALL(aead, stream_init_enc, b, v, 1),
    KCAPI_TEST_CALL(aead, stream_init_dec, b, v, 1),
    KCAPI_TEST_CALL(aead, stream_update, v, 1),
    KCAPI_TEST_CALL(aead, stream_update_last, v, 1),
    KCAPI_TEST_CALL(aead, stream_op, v, 1),
    KCAPI_TEST_CALL(md, setkey, b, 16),
    KCAPI_TEST_CALL(md, update, b, 16),
    KCAPI_TEST_CALL(md, final, b, 32),
    KCAPI_TEST_CALL(md, digest, b, 16, b, 32),
    KCAPI_TEST_CALL(rng, seed, b, 16),
    KCAPI_TEST_CALL(rng, setentropy, b, 16),
    KCAPI_TEST_CALL(rng, setaddtl, b, 16),
    KCAPI_TEST_CALL(rng, generate, b, 16),
    KCAPI_TEST_CALL(akcipher, setkey, b, 16),
    KCAPI_TEST_CALL(akcipher, setpubkey, b, 16),
    KCAPI_TEST_CALL(akcipher, encrypt, b, 16, b, 64, 0),
    KCAPI_TEST_CALL(akcipher, decrypt, b, 16, b, 64, 0),
    KCAPI_TEST_CALL(akcipher, sign, b, 16, b, 64, 0),
    KCAPI_TEST_CALL(akcipher, verify, b, 16, b, 64, 0),
    KCAPI_TEST_CALL(akcipher, encrypt_aio, v, v, 1, 0),
    KCAPI_TEST_CALL(akcipher, decrypt_aio, v, v, 1, 0),
    KCAPI_TEST_CALL(akcipher, sign_aio, v, v, 1, 0),
    KCAPI_TEST_CALL(akcipher, verify_aio, v, v, 1, 0),
    KCAPI_TEST_CALL(akcipher, stream_init_enc, v, 1),
    KCAPI_TEST_CALL(akcipher, stream_init_dec, v, 1),
    KCAPI_TEST_CALL(akcipher, stream_init_sgn, v, 1),
    KCAPI_TEST_CALL(akcipher, stream_init_vfy, v, 1),
    KCAPI_TEST_CALL(akcipher, stream_update, v, 1),
    KCAPI_TEST_CALL(akcipher, stream_update_last, v, 1),
    KCAPI_TEST_CALL(akcipher, stream_op, v, 1),
    KCAPI_TEST_CALL(kpp, dh_setparam_pkcs3, b, 16),
    KCAPI_TEST_CALL(kpp, ecdh_setcurve, ECC_CURVE_NIST_P256),
    KCAPI_TEST_CALL(kpp, setkey, b, 16),
    KCAPI_TEST_CALL(kpp, keygen, b, 64, 0),
    KCAPI_TEST_CALL(kpp, ssgen, b, 64, b, 32, 0),
    KCAPI_TEST_CALL(kpp, keygen_aio, v, 1, 0),
    KCAPI_TEST_CALL(kpp, ssgen_aio, v, v, 1, 0),
    {"md", "kcapi_kdf_ctr", [](kcapi_handle *h) { return kcapi_kdf_ctr(h, b, 40, b, 40); }},
    {"md", "kcapi_kdf_fb", [](kcapi_handle *h) { return kcapi_kdf_fb(h, b, 40, b, 40); }},
    {"md", "kcapi_kdf_dpi", [](kcapi_handle *h) { return kcapi_kdf_dpi(h, b, 40, b, 40); }},
};

/// Answered with 0.
inline const family_call sizes[] = {
    KCAPI_TEST_CALL(cipher, ivsize),
    KCAPI_TEST_CALL(cipher, blocksize),
    KCAPI_TEST_CALL(aead, ivsize),
    KCAPI_TEST_CALL(aead, blocksize),
    KCAPI_TEST_CALL(aead, authsize),
    KCAPI_TEST_CALL(aead, inbuflen_enc, 1, 2, 3),
    KCAPI_TEST_CALL(aead, inbuflen_dec, 1, 2, 3),
    KCAPI_TEST_CALL(aead, outbuflen_enc, 1, 2, 3),
    KCAPI_TEST_CALL(aead, outbuflen_dec, 1, 2, 3),
    KCAPI_TEST_CALL(md, digestsize),
    KCAPI_TEST_CALL(md, blocksize),
    KCAPI_TEST_CALL(rng, seedsize),
};

#undef KCAPI_TEST_CALL

} // namespace family_call_tables

/// Those that answer a handle that is not theirs with -EINVAL.
[[nodiscard]] inline std::span<const family_call> calls_with_a_number() noexcept {
    return family_call_tables::numbers;
}
/// Those that answer it with 0.
[[nodiscard]] inline std::span<const family_call> calls_with_a_size() noexcept {
    return family_call_tables::sizes;
}

} // namespace kcapi::test
