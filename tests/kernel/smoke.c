// SPDX-License-Identifier: BSD-3-Clause
// The least that shows a guest to be of use: one block through AF_ALG, against NIST SP 800-38A, F.2.1.

#include <linux/if_alg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what) {
    perror(what);
    return 1;
}

static ssize_t send_block(int op, unsigned char *iv, unsigned char *block) {
    union {
        char bytes[CMSG_SPACE(sizeof(unsigned int)) + CMSG_SPACE(sizeof(struct af_alg_iv) + 16)];
        struct cmsghdr align;
    } control;
    struct iovec data = {.iov_base = block, .iov_len = 16};
    struct msghdr message = {.msg_iov = &data,
                             .msg_iovlen = 1,
                             .msg_control = control.bytes,
                             .msg_controllen = sizeof(control.bytes)};
    const unsigned int encrypt = ALG_OP_ENCRYPT;
    const unsigned int iv_len = 16;

    memset(&control, 0, sizeof(control));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_ALG;
    header->cmsg_type = ALG_SET_OP;
    header->cmsg_len = CMSG_LEN(sizeof(encrypt));
    memcpy(CMSG_DATA(header), &encrypt, sizeof(encrypt));
    header = CMSG_NXTHDR(&message, header);
    header->cmsg_level = SOL_ALG;
    header->cmsg_type = ALG_SET_IV;
    header->cmsg_len = CMSG_LEN(sizeof(struct af_alg_iv) + iv_len);
    memcpy(CMSG_DATA(header), &iv_len, sizeof(iv_len));
    memcpy(CMSG_DATA(header) + sizeof(struct af_alg_iv), iv, iv_len);
    return sendmsg(op, &message, 0);
}

int main(void) {
    static const unsigned char key[16] = {0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                          0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
    static const unsigned char cipher_text[16] = {0x76, 0x49, 0xab, 0xac, 0x81, 0x19, 0xb2, 0x46,
                                                  0xce, 0xe9, 0x8e, 0x9b, 0x12, 0xe9, 0x19, 0x7d};
    unsigned char iv[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    unsigned char block[16] = {0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                               0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};
    const struct sockaddr_alg address = {
        .salg_family = AF_ALG, .salg_type = "skcipher", .salg_name = "cbc(aes)"};

    const int transform = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    if (transform < 0)
        return fail("socket");
    if (bind(transform, (const struct sockaddr *)&address, sizeof(address)) < 0)
        return fail("bind");
    if (setsockopt(transform, SOL_ALG, ALG_SET_KEY, key, sizeof(key)) < 0)
        return fail("setsockopt");
    const int op = accept(transform, NULL, NULL);
    if (op < 0)
        return fail("accept");
    if (send_block(op, iv, block) != sizeof(block))
        return fail("sendmsg");
    if (recv(op, block, sizeof(block), 0) != sizeof(block))
        return fail("recv");
    if (memcmp(block, cipher_text, sizeof(block)) != 0) {
        fprintf(stderr, "the cipher text is wrong\n");
        return 1;
    }
    close(op);
    close(transform);
    printf("cbc(aes) agrees with the standard\n");
    return 0;
}
