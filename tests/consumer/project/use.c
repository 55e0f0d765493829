/* SPDX-License-Identifier: BSD-3-Clause */
#include <kcapi.h>
#include <kcapi_ext.h>
#include <stdio.h>
#include <string.h>

/* FIPS 197, appendix C.1, through ecb(aes). */
int main(void) {
    uint8_t key[16], block[16], out[16];
    static const uint8_t expected[16] = {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                                         0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};
    struct kcapi_handle *handle;
    for (int i = 0; i < 16; i++) {
        key[i] = (uint8_t)i;
        block[i] = (uint8_t)(i * 0x11);
    }
    if (kcapi_cipher_init(&handle, "ecb(aes)", 0) != 0 || kcapi_cipher_setkey(handle, key, sizeof key) != 0 ||
        kcapi_cipher_encrypt(handle, block, 16, NULL, out, 16, KCAPI_ACCESS_HEURISTIC) != 16 ||
        memcmp(out, expected, 16) != 0) {
        fprintf(stderr, "failed: %s\n", kcapi_ext_last_error());
        return 1;
    }
    printf("%s %s\n", kcapi_ext_engine_name(handle), kcapi_ext_driver_name(handle));
    kcapi_cipher_destroy(handle);
    return 0;
}
