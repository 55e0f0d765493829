// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi.h>

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* Encrypts one message twice: in one call, and as a stream of two pieces. */
int main(void) {
    uint8_t text[] = "One message, encrypted in one call and in two pieces.";
    uint8_t key[32], iv[16], at_once[sizeof(text)], streamed[sizeof(text)];
    struct iovec head = {text, 20}, tail = {text + 20, sizeof(text) - 20}, out = {streamed, sizeof(streamed)};
    struct kcapi_handle *cipher = NULL;
    int failed = 1;

    if (getrandom(key, sizeof(key), 0) != sizeof(key) || getrandom(iv, sizeof(iv), 0) != sizeof(iv))
        return 1;
    ssize_t r = kcapi_cipher_init(&cipher, "ctr(aes)", 0);
    if (r == 0)
        r = kcapi_cipher_setkey(cipher, key, sizeof(key));
    if (r == 0)
        r = kcapi_cipher_encrypt(cipher, text, sizeof(text), iv, at_once, sizeof(at_once),
                                 KCAPI_ACCESS_HEURISTIC);
    if (r >= 0)
        r = kcapi_cipher_stream_init_enc(cipher, iv, &head, 1);
    if (r >= 0)
        r = kcapi_cipher_stream_update_last(cipher, &tail, 1);
    if (r >= 0)
        r = kcapi_cipher_stream_op(cipher, &out, 1);
    if (r < 0) {
        fprintf(stderr, "kcapi: %s\n", strerror((int)-r));
    } else {
        failed = r != sizeof(text) || memcmp(at_once, streamed, sizeof(text)) != 0;
        printf("%zd bytes, %s both ways\n", r, failed ? "not the same" : "the same");
    }
    kcapi_cipher_destroy(cipher);
    kcapi_memset_secure(key, 0, sizeof(key));
    return failed;
}
