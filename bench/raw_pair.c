/* SPDX-License-Identifier: BSD-3-Clause
 *
 * raw_pair: what one send and one receive on an AF_ALG socket cost, whoever serves it. Prints nanoseconds a
 * pair; in a guest with --icount these are instructions, the kernel's included. bench/README.md compares the
 * two ways.
 */
#define _GNU_SOURCE
#include <linux/if_alg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { warm_up = 50 };

static int fail(const char *what) {
    perror(what);
    exit(1);
}

static int operation(const char *type, const char *name, size_t key_size) {
    static const unsigned char key[64] = {1, 2, 3};
    struct sockaddr_alg address;
    int transform = socket(AF_ALG, SOCK_SEQPACKET, 0);
    memset(&address, 0, sizeof address);
    address.salg_family = AF_ALG;
    strcpy((char *)address.salg_type, type);
    strcpy((char *)address.salg_name, name);
    if (transform < 0 || bind(transform, (struct sockaddr *)&address, sizeof address) != 0)
        fail(name);
    if (key_size != 0 && setsockopt(transform, SOL_ALG, ALG_SET_KEY, key, (socklen_t)key_size) != 0)
        fail("key");
    int op = accept(transform, NULL, NULL);
    return op < 0 ? fail("accept") : op;
}

/* Every message has its header, as clients send it. */
static void pair(int op, unsigned char *data, size_t size, size_t output, size_t iv_size) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(4) + CMSG_SPACE(20)];
    } control;
    struct iovec part = {data, size};
    struct msghdr message = {0};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (iv_size != 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_ALG;
        head->cmsg_type = ALG_SET_OP;
        head->cmsg_len = CMSG_LEN(4);
        *(unsigned *)(void *)CMSG_DATA(head) = ALG_OP_ENCRYPT;
        head = CMSG_NXTHDR(&message, head);
        head->cmsg_level = SOL_ALG;
        head->cmsg_type = ALG_SET_IV;
        head->cmsg_len = CMSG_LEN(20);
        *(unsigned *)(void *)CMSG_DATA(head) = (unsigned)iv_size;
    }
    if (sendmsg(op, &message, 0) != (ssize_t)size || recv(op, data, output, 0) != (ssize_t)output)
        fail("pair");
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void measure(const char *type, const char *name, size_t key_size, size_t size, size_t output,
                    size_t iv_size, int pairs) {
    static unsigned char data[65536];
    int op = operation(type, name, key_size);
    for (int i = 0; i < warm_up; ++i)
        pair(op, data, size, output, iv_size);
    double begin = now();
    for (int i = 0; i < pairs; ++i)
        pair(op, data, size, output, iv_size);
    printf("%-10s %6zu %10.1f\n", name, size, (now() - begin) / pairs);
}

int main(int argc, char **argv) {
    int pairs = argc > 1 ? atoi(argv[1]) : 2000;
    static const size_t sizes[] = {16, 4096};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
        measure("skcipher", "cbc(aes)", 16, sizes[i], sizes[i], 16, pairs);
        measure("skcipher", "ctr(aes)", 16, sizes[i], sizes[i], 16, pairs);
        measure("hash", "sha256", 0, sizes[i], 32, 0, pairs);
    }
    return 0;
}
