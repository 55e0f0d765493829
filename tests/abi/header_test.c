// SPDX-License-Identifier: BSD-3-Clause
//
// The headers as a program sees them: compiled as C99 and, through header_test_cxx.cpp, as C++20. A wrong
// constant or prototype does not compile. Linked to the library it shows that every function is there.
#include <kcapi.h>

#ifndef KCAPI_H
#error "KCAPI_H is the include guard that programs may ask for"
#endif

#include <kcapi_ext.h>

#include <stdio.h>

#ifdef __cplusplus
#define CHECK(condition, name) static_assert(condition, #name)
#else
#define CHECK(condition, name) typedef char check_##name[(condition) ? 1 : -1]
#endif

CHECK(KCAPI_ACCESS_HEURISTIC == 0x0, access_heuristic);
CHECK(KCAPI_ACCESS_VMSPLICE == 0x1, access_vmsplice);
CHECK(KCAPI_ACCESS_SENDMSG == 0x2, access_sendmsg);
CHECK(KCAPI_INIT_AIO == 1, init_aio);
CHECK(ECC_CURVE_NIST_P192 == 0x0001, ecc_curve_nist_p192);
CHECK(ECC_CURVE_NIST_P256 == 0x0002, ecc_curve_nist_p256);
CHECK(KCAPI_LOG_NONE == 0, log_none);
CHECK(KCAPI_LOG_ERR == 1, log_err);
CHECK(KCAPI_LOG_WARN == 2, log_warn);
CHECK(KCAPI_LOG_VERBOSE == 3, log_verbose);
CHECK(KCAPI_LOG_DEBUG == 4, log_debug);
CHECK(sizeof(enum kcapi_verbosity) == sizeof(int), verbosity_is_an_int);

CHECK(KCAPI_EXT_ENGINE_AUTO == 0, ext_engine_auto);
CHECK(KCAPI_EXT_ENGINE_KERNEL == 1, ext_engine_kernel);
CHECK(KCAPI_EXT_ENGINE_LOCAL == 2, ext_engine_local);
CHECK(sizeof(enum kcapi_ext_engine) == sizeof(int), ext_engine_is_an_int);

// The attribute can be written before a declaration and behind it.
DSO_DEPRECATED(1.5.0) int deprecated_before(void);
int deprecated_behind(void) DSO_DEPRECATED(1.5.0);

typedef struct kcapi_handle handle;

// Assigning to a pointer of the exact type compiles only if the prototype is the expected one.
#define EXPECT(result, function, ...)                                                                        \
    do {                                                                                                     \
        result (*volatile typed)(__VA_ARGS__) = function;                                                    \
        num_functions += typed != NULL;                                                                      \
    } while (0)

// Parameters that many functions share.
#define ONE_SHOT handle *, const uint8_t *, size_t, const uint8_t *, uint8_t *, size_t, int
#define AIO handle *, struct iovec *, struct iovec *, size_t, const uint8_t *, int
#define ONE_MESSAGE const uint8_t *, uint32_t, const uint8_t *, size_t, const uint8_t *, uint8_t *, size_t
#define GETDATA                                                                                              \
    handle *, uint8_t *, size_t, int, uint8_t **, size_t *, uint8_t **, size_t *, uint8_t **, size_t *
#define DIGEST const uint8_t *, size_t, uint8_t *, size_t
#define MAC const uint8_t *, uint32_t, DIGEST

static unsigned int num_functions = 0;

static void expect_generic(void) {
    EXPECT(int, kcapi_handle_reinit, handle **, handle *, uint32_t);
    EXPECT(void, kcapi_set_verbosity, enum kcapi_verbosity);
    EXPECT(void, kcapi_versionstring, char *, uint32_t);
    EXPECT(uint32_t, kcapi_version, void);
    EXPECT(int, kcapi_pad_iv, handle *, const uint8_t *, uint32_t, uint8_t **, uint32_t *);
    EXPECT(void, kcapi_memset_secure, void *, int, size_t);
    EXPECT(int, kcapi_set_maxsplicesize, handle *, unsigned int);
    EXPECT(int, kcapi_get_maxsplicesize, handle *);
}

static void expect_cipher(void) {
    EXPECT(int, kcapi_cipher_init, handle **, const char *, uint32_t);
    EXPECT(void, kcapi_cipher_destroy, handle *);
    EXPECT(int, kcapi_cipher_setkey, handle *, const uint8_t *, uint32_t);
    EXPECT(uint32_t, kcapi_cipher_ivsize, handle *);
    EXPECT(uint32_t, kcapi_cipher_blocksize, handle *);
    EXPECT(ssize_t, kcapi_cipher_encrypt, ONE_SHOT);
    EXPECT(ssize_t, kcapi_cipher_decrypt, ONE_SHOT);
    EXPECT(ssize_t, kcapi_cipher_encrypt_aio, AIO);
    EXPECT(ssize_t, kcapi_cipher_decrypt_aio, AIO);
    EXPECT(ssize_t, kcapi_cipher_stream_init_enc, handle *, const uint8_t *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_cipher_stream_init_dec, handle *, const uint8_t *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_cipher_stream_update, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_cipher_stream_update_last, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_cipher_stream_op, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_cipher_enc_aes_cbc, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_dec_aes_cbc, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_enc_aes_ctr, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_dec_aes_ctr, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_enc_sm4_cbc, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_dec_sm4_cbc, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_enc_sm4_ctr, ONE_MESSAGE);
    EXPECT(ssize_t, kcapi_cipher_dec_sm4_ctr, ONE_MESSAGE);
}

static void expect_aead(void) {
    EXPECT(int, kcapi_aead_init, handle **, const char *, uint32_t);
    EXPECT(void, kcapi_aead_destroy, handle *);
    EXPECT(int, kcapi_aead_setkey, handle *, const uint8_t *, uint32_t);
    EXPECT(int, kcapi_aead_settaglen, handle *, uint32_t);
    EXPECT(void, kcapi_aead_setassoclen, handle *, size_t);
    EXPECT(uint32_t, kcapi_aead_ivsize, handle *);
    EXPECT(uint32_t, kcapi_aead_authsize, handle *);
    EXPECT(uint32_t, kcapi_aead_blocksize, handle *);
    EXPECT(ssize_t, kcapi_aead_encrypt, ONE_SHOT);
    EXPECT(ssize_t, kcapi_aead_decrypt, ONE_SHOT);
    EXPECT(ssize_t, kcapi_aead_encrypt_aio, AIO);
    EXPECT(ssize_t, kcapi_aead_decrypt_aio, AIO);
    EXPECT(void, kcapi_aead_getdata_input, GETDATA);
    EXPECT(void, kcapi_aead_getdata_output, GETDATA);
    EXPECT(size_t, kcapi_aead_inbuflen_enc, handle *, size_t, size_t, size_t);
    EXPECT(size_t, kcapi_aead_inbuflen_dec, handle *, size_t, size_t, size_t);
    EXPECT(size_t, kcapi_aead_outbuflen_enc, handle *, size_t, size_t, size_t);
    EXPECT(size_t, kcapi_aead_outbuflen_dec, handle *, size_t, size_t, size_t);
    EXPECT(int, kcapi_aead_ccm_nonce_to_iv, const uint8_t *, uint32_t, uint8_t **, uint32_t *);
    EXPECT(ssize_t, kcapi_aead_stream_init_enc, handle *, const uint8_t *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_aead_stream_init_dec, handle *, const uint8_t *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_aead_stream_update, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_aead_stream_update_last, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_aead_stream_op, handle *, struct iovec *, size_t);
}

static void expect_md(void) {
    EXPECT(int, kcapi_md_init, handle **, const char *, uint32_t);
    EXPECT(void, kcapi_md_destroy, handle *);
    EXPECT(int, kcapi_md_setkey, handle *, const uint8_t *, uint32_t);
    EXPECT(uint32_t, kcapi_md_digestsize, handle *);
    EXPECT(uint32_t, kcapi_md_blocksize, handle *);
    EXPECT(ssize_t, kcapi_md_update, handle *, const uint8_t *, size_t);
    EXPECT(ssize_t, kcapi_md_final, handle *, uint8_t *, size_t);
    EXPECT(ssize_t, kcapi_md_digest, handle *, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha1, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha224, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha256, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha384, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha512, DIGEST);
    EXPECT(ssize_t, kcapi_md_sm3, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha3_224, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha3_256, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha3_384, DIGEST);
    EXPECT(ssize_t, kcapi_md_sha3_512, DIGEST);
    EXPECT(ssize_t, kcapi_md_hmac_sha1, MAC);
    EXPECT(ssize_t, kcapi_md_hmac_sha224, MAC);
    EXPECT(ssize_t, kcapi_md_hmac_sha256, MAC);
    EXPECT(ssize_t, kcapi_md_hmac_sha384, MAC);
    EXPECT(ssize_t, kcapi_md_hmac_sha512, MAC);
    EXPECT(ssize_t, kcapi_md_hmac_sm3, MAC);
}

static void expect_rng(void) {
    EXPECT(int, kcapi_rng_init, handle **, const char *, uint32_t);
    EXPECT(void, kcapi_rng_destroy, handle *);
    EXPECT(int, kcapi_rng_seed, handle *, uint8_t *, uint32_t);
    EXPECT(ssize_t, kcapi_rng_generate, handle *, uint8_t *, size_t);
    EXPECT(int, kcapi_rng_setentropy, handle *, uint8_t *, uint32_t);
    EXPECT(int, kcapi_rng_setaddtl, handle *, uint8_t *, uint32_t);
    EXPECT(uint32_t, kcapi_rng_seedsize, handle *);
    EXPECT(ssize_t, kcapi_rng_get_bytes, uint8_t *, size_t);
}

static void expect_kdf(void) {
    EXPECT(ssize_t, kcapi_kdf_ctr, handle *, const uint8_t *, size_t, uint8_t *, size_t);
    EXPECT(ssize_t, kcapi_kdf_fb, handle *, const uint8_t *, size_t, uint8_t *, size_t);
    EXPECT(ssize_t, kcapi_kdf_dpi, handle *, const uint8_t *, size_t, uint8_t *, size_t);
    EXPECT(ssize_t, kcapi_hkdf, const char *, const uint8_t *, size_t, const uint8_t *, uint32_t,
           const uint8_t *, size_t, uint8_t *, size_t);
    EXPECT(ssize_t, kcapi_pbkdf, const char *, const uint8_t *, uint32_t, const uint8_t *, size_t, uint32_t,
           uint8_t *, size_t);
    EXPECT(uint32_t, kcapi_pbkdf_iteration_count, const char *, uint64_t);
}

#define ASYMMETRIC handle *, const uint8_t *, size_t, uint8_t *, size_t, int
#define ASYMMETRIC_AIO handle *, struct iovec *, struct iovec *, size_t, int

static void expect_akcipher(void) {
    EXPECT(int, kcapi_akcipher_init, handle **, const char *, uint32_t);
    EXPECT(void, kcapi_akcipher_destroy, handle *);
    EXPECT(int, kcapi_akcipher_setkey, handle *, const uint8_t *, uint32_t);
    EXPECT(int, kcapi_akcipher_setpubkey, handle *, const uint8_t *, uint32_t);
    EXPECT(ssize_t, kcapi_akcipher_encrypt, ASYMMETRIC);
    EXPECT(ssize_t, kcapi_akcipher_decrypt, ASYMMETRIC);
    EXPECT(ssize_t, kcapi_akcipher_sign, ASYMMETRIC);
    EXPECT(ssize_t, kcapi_akcipher_verify, ASYMMETRIC);
    EXPECT(ssize_t, kcapi_akcipher_encrypt_aio, ASYMMETRIC_AIO);
    EXPECT(ssize_t, kcapi_akcipher_decrypt_aio, ASYMMETRIC_AIO);
    EXPECT(ssize_t, kcapi_akcipher_sign_aio, ASYMMETRIC_AIO);
    EXPECT(ssize_t, kcapi_akcipher_verify_aio, ASYMMETRIC_AIO);
    EXPECT(ssize_t, kcapi_akcipher_stream_init_enc, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_akcipher_stream_init_dec, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_akcipher_stream_init_sgn, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_akcipher_stream_init_vfy, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_akcipher_stream_update, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_akcipher_stream_update_last, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_akcipher_stream_op, handle *, struct iovec *, size_t);
}

static void expect_kpp(void) {
    EXPECT(int, kcapi_kpp_init, handle **, const char *, uint32_t);
    EXPECT(void, kcapi_kpp_destroy, handle *);
    EXPECT(int, kcapi_kpp_dh_setparam_pkcs3, handle *, const uint8_t *, uint32_t);
    EXPECT(int, kcapi_kpp_ecdh_setcurve, handle *, unsigned long);
    EXPECT(int, kcapi_kpp_setkey, handle *, const uint8_t *, uint32_t);
    EXPECT(ssize_t, kcapi_kpp_keygen, handle *, uint8_t *, size_t, int);
    EXPECT(ssize_t, kcapi_kpp_ssgen, ASYMMETRIC);
    EXPECT(ssize_t, kcapi_kpp_keygen_aio, handle *, struct iovec *, size_t, int);
    EXPECT(ssize_t, kcapi_kpp_ssgen_aio, ASYMMETRIC_AIO);
}

static void expect_ext(void) {
    EXPECT(int, kcapi_ext_set_engine, enum kcapi_ext_engine);
    EXPECT(int, kcapi_ext_set_threads, size_t);
    EXPECT(int, kcapi_ext_init, handle **, const char *, const char *, uint32_t, enum kcapi_ext_engine);
    EXPECT(int, kcapi_ext_describe, handle *, struct kcapi_ext_algorithm *, size_t);
    EXPECT(int, kcapi_ext_list, enum kcapi_ext_engine, kcapi_ext_list_fn, void *);
    EXPECT(ssize_t, kcapi_ext_stream_try_op, handle *, struct iovec *, size_t);
    EXPECT(ssize_t, kcapi_ext_stream_update_borrowed, handle *, struct iovec *, size_t, int);
    EXPECT(int, kcapi_ext_md_clone, handle **, handle *);
    EXPECT(ssize_t, kcapi_ext_batch, handle *, enum kcapi_ext_operation, struct kcapi_ext_message *, size_t,
           size_t);
    EXPECT(const char *, kcapi_ext_engine_name, handle *);
    EXPECT(const char *, kcapi_ext_driver_name, handle *);
    EXPECT(const char *, kcapi_ext_algorithm_name, handle *);
    EXPECT(const char *, kcapi_ext_last_error, void);
    EXPECT(int, kcapi_ext_set_chunked_iv, handle *, int);
    EXPECT(void, kcapi_ext_set_log, void (*)(void *, int, const char *), void *);
    EXPECT(void, kcapi_ext_set_log, kcapi_ext_log_fn, void *);
}

int main(void) {
    expect_generic();
    expect_cipher();
    expect_aead();
    expect_md();
    expect_rng();
    expect_kdf();
    expect_akcipher();
    expect_kpp();
    expect_ext();
    printf("%u prototypes\n", num_functions);
    return kcapi_version() == 1050100 ? 0 : 1;
}
