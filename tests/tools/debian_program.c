/* SPDX-License-Identifier: BSD-3-Clause
 *
 * A program as its author wrote it for Debian's libkcapi 1.4.0: compiled against that header, linked to that
 * library, and then run over whatever libkcapi.so.1 is there. It uses every family that Debian's build has
 * and prints each result, so that what two libraries do can be compared. Of random bytes it prints what they
 * have in common.
 *
 * It stays away from what the original is known to do wrong: with more room than output it waits for ever.
 */
#include <kcapi.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>

enum { message_size = 1000, assoc_len = 20, tag_len = 16, text_len = 100 };

static uint8_t message[message_size];
static uint8_t key[64];
static uint8_t iv[16];

static void show(const char *what, ssize_t result, const uint8_t *bytes) {
    printf("%s: %ld ", what, (long)result);
    for (ssize_t i = 0; i < result; ++i)
        printf("%02x", bytes[i]);
    printf("\n");
}

static void show_status(const char *what, long status) { printf("%s = %ld\n", what, status); }

static void show_random(const char *what, ssize_t result, const uint8_t *bytes, size_t size) {
    size_t zeros = 0;
    for (size_t i = 0; i < size; ++i)
        zeros += bytes[i] == 0;
    printf("%s = %ld, %s\n", what, (long)result, zeros < size / 8 ? "random" : "not random");
}

static void fill(uint8_t *bytes, size_t size, unsigned seed) {
    for (size_t i = 0; i < size; ++i)
        bytes[i] = (uint8_t)(i * 31 + i / 256 + seed);
}

static void use_cipher(const char *name, uint32_t key_len) {
    struct kcapi_handle *handle = NULL;
    uint8_t out[message_size];
    uint8_t back[message_size];
    printf("cipher %s\n", name);
    show_status("init", kcapi_cipher_init(&handle, name, 0));
    show_status("ivsize", kcapi_cipher_ivsize(handle));
    show_status("blocksize", kcapi_cipher_blocksize(handle));
    show_status("setkey of 7", kcapi_cipher_setkey(handle, key, 7));
    show_status("setkey", kcapi_cipher_setkey(handle, key, key_len));
    ssize_t n = kcapi_cipher_encrypt(handle, message, 960, iv, out, 960, KCAPI_ACCESS_HEURISTIC);
    show("encrypt", n, out);
    n = kcapi_cipher_decrypt(handle, out, 960, iv, back, 960, KCAPI_ACCESS_SENDMSG);
    show_status("decrypt", n);
    show_status("same", memcmp(back, message, 960));
    n = kcapi_cipher_encrypt(handle, message, 64, iv, out, 64, KCAPI_ACCESS_VMSPLICE);
    show("encrypt by splice", n, out);

    /* A message in four pieces, collected in two. */
    struct iovec in[2] = {{message, 64}, {message + 64, 192}};
    struct iovec room[2] = {{out, 100}, {out + 100, 156}};
    show_status("stream_init_enc", kcapi_cipher_stream_init_enc(handle, iv, in, 2));
    show_status("stream_op", kcapi_cipher_stream_op(handle, room, 2));
    show("stream", 256, out);
    struct iovec more = {message + 256, 128};
    show_status("stream_update", kcapi_cipher_stream_update(handle, &more, 1));
    struct iovec last = {message + 384, 128};
    show_status("stream_update_last", kcapi_cipher_stream_update_last(handle, &last, 1));
    struct iovec rest = {out, 256};
    show_status("stream_op", kcapi_cipher_stream_op(handle, &rest, 1));
    show("stream", 256, out);

    struct kcapi_handle *second = NULL;
    show_status("reinit", kcapi_handle_reinit(&second, handle, 0));
    n = kcapi_cipher_encrypt(second, message, 48, iv, out, 48, KCAPI_ACCESS_HEURISTIC);
    show("encrypt on the second", n, out);
    kcapi_cipher_destroy(handle);
    n = kcapi_cipher_decrypt(second, out, 48, iv, back, 48, KCAPI_ACCESS_HEURISTIC);
    show_status("decrypt after the first is gone", n);
    show_status("same", memcmp(back, message, 48));
    kcapi_cipher_destroy(second);
}

/* One message: of several the original makes one, going on with the IV from each to the next. */
static void use_cipher_aio(void) {
    struct kcapi_handle *handle = NULL;
    uint8_t out[96];
    struct iovec in = {message, sizeof out};
    struct iovec to = {out, sizeof out};
    printf("cipher aio\n");
    show_status("init", kcapi_cipher_init(&handle, "cbc(aes)", KCAPI_INIT_AIO));
    show_status("setkey", kcapi_cipher_setkey(handle, key, 32));
    show("encrypt_aio", kcapi_cipher_encrypt_aio(handle, &in, &to, 1, iv, KCAPI_ACCESS_HEURISTIC), out);
    show("decrypt_aio", kcapi_cipher_decrypt_aio(handle, &to, &to, 1, iv, KCAPI_ACCESS_HEURISTIC), out);
    kcapi_cipher_destroy(handle);
}

static void use_cipher_helpers(void) {
    uint8_t out[64];
    printf("cipher without a handle\n");
    show("enc_aes_cbc", kcapi_cipher_enc_aes_cbc(key, 16, message, 64, iv, out, 64), out);
    show("dec_aes_cbc", kcapi_cipher_dec_aes_cbc(key, 16, out, 64, iv, out, 64), out);
    show("enc_aes_ctr", kcapi_cipher_enc_aes_ctr(key, 32, message, 61, iv, out, 61), out);
    show("dec_aes_ctr", kcapi_cipher_dec_aes_ctr(key, 32, out, 61, iv, out, 61), out);
}

static void use_utilities(void) {
    struct kcapi_handle *handle = NULL;
    char text[64] = "";
    uint8_t *padded = NULL;
    uint32_t padded_len = 0;
    printf("utilities\n");
    kcapi_set_verbosity(KCAPI_LOG_NONE);
    kcapi_versionstring(text, sizeof text);
    printf("versionstring: %.8s\n", text);
    show_status("version is 1.4.0 or later", kcapi_version() >= 1040000);
    /* The number depends on whether there is AF_ALG. */
    show_status("init of what is not there is refused", kcapi_cipher_init(&handle, "no-such-cipher", 0) < 0);
    show_status("init", kcapi_cipher_init(&handle, "cbc(aes)", 0));
    show_status("pad_iv", kcapi_pad_iv(handle, iv, 5, &padded, &padded_len));
    show("padded", (ssize_t)padded_len, padded);
    free(padded);
    show_status("set_maxsplicesize", kcapi_set_maxsplicesize(handle, 131072));
    show_status("get_maxsplicesize", kcapi_get_maxsplicesize(handle));
    kcapi_cipher_destroy(handle);
    uint8_t secret[16];
    memcpy(secret, key, sizeof secret);
    kcapi_memset_secure(secret, 0x5a, sizeof secret);
    show("memset_secure", sizeof secret, secret);
}

static void use_aead(const char *name, uint32_t key_len, const uint8_t *nonce) {
    struct kcapi_handle *handle = NULL;
    uint8_t in[assoc_len + text_len];
    uint8_t out[assoc_len + text_len + tag_len];
    uint8_t back[assoc_len + text_len + tag_len];
    uint8_t *part[3];
    size_t part_len[3];
    printf("aead %s\n", name);
    memcpy(in, message, sizeof in);
    memset(out, 0, sizeof out);
    show_status("init", kcapi_aead_init(&handle, name, 0));
    show_status("ivsize", kcapi_aead_ivsize(handle));
    show_status("blocksize", kcapi_aead_blocksize(handle));
    show_status("authsize", kcapi_aead_authsize(handle));
    show_status("setkey", kcapi_aead_setkey(handle, key, key_len));
    show_status("settaglen", kcapi_aead_settaglen(handle, tag_len));
    kcapi_aead_setassoclen(handle, assoc_len);
    show_status("inbuflen_enc", (long)kcapi_aead_inbuflen_enc(handle, text_len, assoc_len, tag_len));
    show_status("inbuflen_dec", (long)kcapi_aead_inbuflen_dec(handle, text_len, assoc_len, tag_len));
    show_status("outbuflen_enc", (long)kcapi_aead_outbuflen_enc(handle, text_len, assoc_len, tag_len));
    show_status("outbuflen_dec", (long)kcapi_aead_outbuflen_dec(handle, text_len, assoc_len, tag_len));
    show("encrypt", kcapi_aead_encrypt(handle, in, sizeof in, nonce, out, sizeof out, KCAPI_ACCESS_HEURISTIC),
         out);
    kcapi_aead_getdata_output(handle, out, sizeof out, 1, &part[0], &part_len[0], &part[1], &part_len[1],
                              &part[2], &part_len[2]);
    for (int i = 0; i < 3; ++i)
        show("part", (ssize_t)part_len[i], part[i]);
    kcapi_aead_getdata_input(handle, out, sizeof out, 0, &part[0], &part_len[0], &part[1], &part_len[1],
                             &part[2], &part_len[2]);
    for (int i = 0; i < 3; ++i)
        show("part", (ssize_t)part_len[i], part[i]);
    ssize_t n = kcapi_aead_decrypt(handle, out, sizeof out, nonce, back, sizeof in, KCAPI_ACCESS_HEURISTIC);
    show_status("decrypt", n);
    show_status("same", memcmp(back + assoc_len, in + assoc_len, text_len));
    out[sizeof out - 1] ^= 1;
    n = kcapi_aead_decrypt(handle, out, sizeof out, nonce, back, sizeof in, KCAPI_ACCESS_HEURISTIC);
    show_status("decrypt a forgery", n);

    struct iovec first = {in, assoc_len};
    struct iovec second = {in + assoc_len, text_len};
    struct iovec room = {out, sizeof out};
    memset(out, 0, sizeof out);
    show_status("stream_init_enc", kcapi_aead_stream_init_enc(handle, nonce, &first, 1));
    show_status("stream_update_last", kcapi_aead_stream_update_last(handle, &second, 1));
    show("stream_op", kcapi_aead_stream_op(handle, &room, 1), out);
    struct iovec sealed[2] = {{out, assoc_len + text_len}, {out + assoc_len + text_len, tag_len}};
    struct iovec opened = {back, sizeof in};
    show_status("stream_init_dec", kcapi_aead_stream_init_dec(handle, nonce, NULL, 0));
    show_status("stream_update", kcapi_aead_stream_update(handle, &sealed[0], 1));
    show_status("stream_update_last", kcapi_aead_stream_update_last(handle, &sealed[1], 1));
    show_status("stream_op", kcapi_aead_stream_op(handle, &opened, 1));
    show_status("same", memcmp(back + assoc_len, in + assoc_len, text_len));
    show_status("settaglen of 99", kcapi_aead_settaglen(handle, 99));
    kcapi_aead_destroy(handle);
}

static void use_aead_aio(void) {
    struct kcapi_handle *handle = NULL;
    uint8_t out[2][assoc_len + text_len + tag_len];
    struct iovec in[2] = {{message, assoc_len + text_len}, {message + 200, assoc_len + text_len}};
    struct iovec to[2] = {{out[0], sizeof out[0]}, {out[1], sizeof out[1]}};
    memset(out, 0, sizeof out);
    printf("aead aio\n");
    show_status("init", kcapi_aead_init(&handle, "gcm(aes)", KCAPI_INIT_AIO));
    show_status("setkey", kcapi_aead_setkey(handle, key, 16));
    show_status("settaglen", kcapi_aead_settaglen(handle, tag_len));
    kcapi_aead_setassoclen(handle, assoc_len);
    ssize_t n = kcapi_aead_encrypt_aio(handle, in, to, 2, iv, KCAPI_ACCESS_HEURISTIC);
    show("encrypt_aio", n, out[0]);
    kcapi_aead_destroy(handle);
}

static void use_md(const char *name, uint32_t key_len) {
    struct kcapi_handle *handle = NULL;
    uint8_t out[64];
    printf("md %s\n", name);
    show_status("init", kcapi_md_init(&handle, name, 0));
    if (key_len != 0)
        show_status("setkey", kcapi_md_setkey(handle, key, key_len));
    show_status("digestsize", kcapi_md_digestsize(handle));
    show_status("blocksize", kcapi_md_blocksize(handle));
    show("digest", kcapi_md_digest(handle, message, sizeof message, out, sizeof out), out);
    show_status("update", (long)kcapi_md_update(handle, message, 100));
    show_status("update", (long)kcapi_md_update(handle, message + 100, 900));
    show("final", kcapi_md_final(handle, out, sizeof out), out);
    show("digest of nothing", kcapi_md_digest(handle, NULL, 0, out, sizeof out), out);
    kcapi_md_destroy(handle);
}

static void use_md_helpers(void) {
    uint8_t out[64];
    printf("md without a handle\n");
    show("sha1", kcapi_md_sha1(message, 100, out, sizeof out), out);
    show("sha224", kcapi_md_sha224(message, 100, out, sizeof out), out);
    show("sha256", kcapi_md_sha256(message, 100, out, sizeof out), out);
    show("sha384", kcapi_md_sha384(message, 100, out, sizeof out), out);
    show("sha512", kcapi_md_sha512(message, 100, out, sizeof out), out);
    show("hmac_sha1", kcapi_md_hmac_sha1(key, 20, message, 100, out, sizeof out), out);
    show("hmac_sha224", kcapi_md_hmac_sha224(key, 20, message, 100, out, sizeof out), out);
    show("hmac_sha256", kcapi_md_hmac_sha256(key, 20, message, 100, out, sizeof out), out);
    show("hmac_sha384", kcapi_md_hmac_sha384(key, 20, message, 100, out, sizeof out), out);
    show("hmac_sha512", kcapi_md_hmac_sha512(key, 20, message, 100, out, sizeof out), out);
}

static void use_rng(void) {
    struct kcapi_handle *handle = NULL;
    uint8_t out[128] = {0};
    uint8_t seed[32];
    printf("rng\n");
    memcpy(seed, message, sizeof seed);
    show_status("init", kcapi_rng_init(&handle, "stdrng", 0));
    show_status("seedsize", kcapi_rng_seedsize(handle));
    show_status("seed", kcapi_rng_seed(handle, seed, sizeof seed));
    ssize_t n = kcapi_rng_generate(handle, out, sizeof out);
    show_random("generate", n, out, sizeof out);
    kcapi_rng_destroy(handle);
    memset(out, 0, sizeof out);
    n = kcapi_rng_get_bytes(out, sizeof out);
    show_random("get_bytes", n, out, sizeof out);
}

static void use_kdf(const char *name) {
    struct kcapi_handle *handle = NULL;
    uint8_t out[100];
    printf("kdf %s\n", name);
    show_status("init", kcapi_md_init(&handle, name, 0));
    show_status("setkey", kcapi_md_setkey(handle, key, 32));
    show_status("kdf_ctr", (long)kcapi_kdf_ctr(handle, message, 100, out, sizeof out));
    show("key", sizeof out, out);
    show_status("kdf_fb", (long)kcapi_kdf_fb(handle, message, 100, out, sizeof out));
    show("key", sizeof out, out);
    show_status("kdf_dpi", (long)kcapi_kdf_dpi(handle, message, 100, out, sizeof out));
    show("key", sizeof out, out);
    kcapi_md_destroy(handle);
    show_status("hkdf", (long)kcapi_hkdf(name, key, 22, message, 13, message + 50, 10, out, sizeof out));
    show("key", sizeof out, out);
    show_status("pbkdf", (long)kcapi_pbkdf(name, key, 8, message, 16, 100, out, sizeof out));
    show("key", sizeof out, out);
}

int main(void) {
    /* So that a call that does not return is known. */
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    uint8_t *ccm_iv = NULL;
    uint32_t ccm_iv_len = 0;
    fill(message, sizeof message, 3);
    fill(key, sizeof key, 77);
    fill(iv, sizeof iv, 0xf0);
    use_utilities();
    use_cipher("cbc(aes)", 32);
    use_cipher("ctr(aes)", 16);
    use_cipher("xts(aes)", 64);
    use_cipher_aio();
    use_cipher_helpers();
    use_aead("gcm(aes)", 16, iv);
    show_status("ccm_nonce_to_iv", kcapi_aead_ccm_nonce_to_iv(message, 11, &ccm_iv, &ccm_iv_len));
    show("ccm iv", (ssize_t)ccm_iv_len, ccm_iv);
    use_aead("ccm(aes)", 32, ccm_iv);
    free(ccm_iv);
    use_aead_aio();
    use_md("sha256", 0);
    use_md("sha3-512", 0);
    use_md("hmac(sha512)", 40);
    use_md("cmac(aes)", 16);
    use_md_helpers();
    use_rng();
    use_kdf("hmac(sha256)");
    use_kdf("hmac(sha512)");
    show_status("pbkdf_iteration_count", kcapi_pbkdf_iteration_count("hmac(sha256)", 1000) >= 65536);
    return 0;
}
