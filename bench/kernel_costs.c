// SPDX-License-Identifier: BSD-3-Clause
//
// kernel_costs [--calls N] [--marked] [CASE...]: what calls of libkcapi cost, for any build of it that has
// the names of 1.4.0: which one is chosen by LD_LIBRARY_PATH. Without CASE all; each prints a line
//
//   CASE NANOSECONDS      or      CASE -ERRNO      where the kernel does not have it
//
// In a guest whose clock counts instructions the nanoseconds are instructions, those of the kernel included.
// With --marked nothing is timed: N calls are made between two calls of getppid, for a tracer to count.
#include <kcapi.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { largest = 1 << 20, batch = 16, batch_size = 1024, rounds = 5 };

static uint8_t key[64], iv[16], input[largest] __attribute__((aligned(4096))),
    output[largest] __attribute__((aligned(4096)));
static struct kcapi_handle *handle;
static size_t size;
static int access_way;

typedef ssize_t (*step)(void);

static ssize_t nothing(void) { return 0; }

static ssize_t init_and_destroy(const char *name) {
    struct kcapi_handle *made = NULL;
    const int r = kcapi_cipher_init(&made, name, 0);
    if (r != 0)
        return r;
    kcapi_cipher_destroy(made);
    return 0;
}

static ssize_t init_call(void) { return init_and_destroy("cbc(aes)"); }

static ssize_t init_key_call(void) {
    struct kcapi_handle *made = NULL;
    ssize_t r = kcapi_cipher_init(&made, "cbc(aes)", 0);
    if (r != 0)
        return r;
    r = kcapi_cipher_setkey(made, key, 32);
    if (r == 0)
        r = kcapi_cipher_encrypt(made, input, 16, iv, output, 16, KCAPI_ACCESS_HEURISTIC);
    kcapi_cipher_destroy(made);
    return r;
}

static ssize_t cipher_open(const char *name, uint32_t flags) {
    const int r = kcapi_cipher_init(&handle, name, flags);
    return r != 0 ? r : kcapi_cipher_setkey(handle, key, 32);
}
static ssize_t cipher_close(void) {
    kcapi_cipher_destroy(handle);
    return 0;
}

static ssize_t cbc_open(void) { return cipher_open("cbc(aes)", 0); }
static ssize_t cbc_call(void) {
    return kcapi_cipher_encrypt(handle, input, size, iv, output, size, access_way);
}

static ssize_t aio_open(void) { return cipher_open("cbc(aes)", KCAPI_INIT_AIO); }
static ssize_t aio_call(void) {
    struct iovec in[batch], out[batch];
    for (size_t i = 0; i < batch; ++i) {
        in[i] = (struct iovec){.iov_base = input + i * batch_size, .iov_len = batch_size};
        out[i] = (struct iovec){.iov_base = output + i * batch_size, .iov_len = batch_size};
    }
    return kcapi_cipher_encrypt_aio(handle, in, out, batch, iv, KCAPI_ACCESS_HEURISTIC);
}

static ssize_t stream_open(void) {
    const ssize_t r = cipher_open("ctr(aes)", 0);
    return r != 0 ? r : kcapi_cipher_stream_init_enc(handle, iv, NULL, 0);
}
static ssize_t stream_call(void) {
    struct iovec in = {.iov_base = input, .iov_len = size};
    struct iovec out = {.iov_base = output, .iov_len = size};
    const ssize_t r = kcapi_cipher_stream_update(handle, &in, 1);
    return r < 0 ? r : kcapi_cipher_stream_op(handle, &out, 1);
}

static ssize_t gcm_open(void) {
    ssize_t r = kcapi_aead_init(&handle, "gcm(aes)", 0);
    if (r == 0)
        r = kcapi_aead_setkey(handle, key, 32);
    if (r == 0)
        r = kcapi_aead_settaglen(handle, 16);
    if (r == 0)
        kcapi_aead_setassoclen(handle, 16);
    return r;
}
static ssize_t gcm_call(void) {
    return kcapi_aead_encrypt(handle, input, 16 + size, iv, output, 16 + size + 16, KCAPI_ACCESS_HEURISTIC);
}
static ssize_t gcm_close(void) {
    kcapi_aead_destroy(handle);
    return 0;
}

static ssize_t md_open(void) { return kcapi_md_init(&handle, "sha256", 0); }
static ssize_t md_call(void) { return kcapi_md_digest(handle, input, size, output, 32); }
static ssize_t md_parts_call(void) {
    const ssize_t r = kcapi_md_update(handle, input, size);
    return r < 0 ? r : kcapi_md_final(handle, output, 32);
}
static ssize_t md_close(void) {
    kcapi_md_destroy(handle);
    return 0;
}

static ssize_t sha256_call(void) { return kcapi_md_sha256(input, size, output, 32); }
static ssize_t hmac_call(void) { return kcapi_md_hmac_sha256(key, 32, input, size, output, 32); }
static ssize_t aes_cbc_call(void) { return kcapi_cipher_enc_aes_cbc(key, 32, input, size, iv, output, size); }
static ssize_t random_call(void) { return kcapi_rng_get_bytes(output, size); }

static const struct {
    const char *name;
    step open, call, close;
    size_t size;
    int way;
    unsigned calls; ///< timed in each round
} cases[] = {
    {"init+destroy", nothing, init_call, nothing, 0, 0, 100},
    {"init+setkey+encrypt+destroy", nothing, init_key_call, nothing, 0, 0, 100},
    {"md_sha256/64", nothing, sha256_call, nothing, 64, 0, 100},
    {"md_hmac_sha256/64", nothing, hmac_call, nothing, 64, 0, 100},
    {"enc_aes_cbc/64", nothing, aes_cbc_call, nothing, 64, 0, 100},
    {"rng_get_bytes/32", nothing, random_call, nothing, 32, 0, 2},
    {"md_digest/64", md_open, md_call, md_close, 64, 0, 200},
    {"md_update+final/64", md_open, md_parts_call, md_close, 64, 0, 200},
    {"cbc/16", cbc_open, cbc_call, cipher_close, 16, KCAPI_ACCESS_HEURISTIC, 200},
    {"cbc/16384", cbc_open, cbc_call, cipher_close, 16384, KCAPI_ACCESS_HEURISTIC, 50},
    {"cbc/65536", cbc_open, cbc_call, cipher_close, 65536, KCAPI_ACCESS_HEURISTIC, 20},
    {"cbc/131072", cbc_open, cbc_call, cipher_close, 131072, KCAPI_ACCESS_HEURISTIC, 20},
    {"cbc/1048576", cbc_open, cbc_call, cipher_close, 1 << 20, KCAPI_ACCESS_HEURISTIC, 4},
    {"cbc/send/16", cbc_open, cbc_call, cipher_close, 16, KCAPI_ACCESS_SENDMSG, 200},
    {"cbc/send/16384", cbc_open, cbc_call, cipher_close, 16384, KCAPI_ACCESS_SENDMSG, 50},
    {"cbc/send/65536", cbc_open, cbc_call, cipher_close, 65536, KCAPI_ACCESS_SENDMSG, 20},
    {"cbc/send/1048576", cbc_open, cbc_call, cipher_close, 1 << 20, KCAPI_ACCESS_SENDMSG, 4},
    {"cbc/splice/16", cbc_open, cbc_call, cipher_close, 16, KCAPI_ACCESS_VMSPLICE, 200},
    {"cbc/splice/16384", cbc_open, cbc_call, cipher_close, 16384, KCAPI_ACCESS_VMSPLICE, 50},
    {"cbc/splice/65536", cbc_open, cbc_call, cipher_close, 65536, KCAPI_ACCESS_VMSPLICE, 20},
    {"cbc/splice/1048576", cbc_open, cbc_call, cipher_close, 1 << 20, KCAPI_ACCESS_VMSPLICE, 4},
    {"gcm/64", gcm_open, gcm_call, gcm_close, 64, 0, 200},
    {"gcm/16384", gcm_open, gcm_call, gcm_close, 16384, 0, 20},
    {"aio/16x1024", aio_open, aio_call, cipher_close, 0, 0, 20},
    {"stream/64", stream_open, stream_call, cipher_close, 64, 0, 200},
    {"stream/65536", stream_open, stream_call, cipher_close, 65536, 0, 20},
};
enum { case_count = sizeof cases / sizeof cases[0] };

/// The time of this process alone: what else the guest does (kernel threads, the writer of the output) is not
/// in it, but all the kernel does for the process is.
static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/// The calls of one case, already open. Returns the last result, or the first failure.
static ssize_t repeat(step call, unsigned long calls) {
    ssize_t r = 0;
    while (calls-- != 0 && r >= 0)
        r = call();
    return r;
}

static ssize_t run(size_t i, unsigned long calls, int marked) {
    double times[rounds];
    size = cases[i].size;
    access_way = cases[i].way;
    ssize_t r = cases[i].open();
    if (r < 0)
        return r;
    if (calls == 0)
        calls = cases[i].calls;
    // What happens once only (first use of an algorithm, a cache, a pipe) is not in the figure.
    r = repeat(cases[i].call, 3);
    if (marked) {
        (void)getppid();
        if (r >= 0)
            r = repeat(cases[i].call, calls);
        (void)getppid();
    }
    for (int round = 0; !marked && r >= 0 && round < rounds; ++round) {
        const double begun = now();
        r = repeat(cases[i].call, calls);
        times[round] = (now() - begun) / (double)calls;
    }
    (void)cases[i].close();
    if (r < 0)
        return r;
    qsort(times, rounds, sizeof times[0], by_value);
    if (!marked)
        printf("%s %.0f\n", cases[i].name, times[rounds / 2]);
    return 0;
}

int main(int argc, char **argv) {
    unsigned long calls = 0;
    int marked = 0, first = 1;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; ++first) {
        if (strcmp(argv[first], "--marked") == 0) {
            marked = 1;
        } else if (strcmp(argv[first], "--calls") == 0 && first + 1 < argc) {
            calls = strtoul(argv[++first], NULL, 10);
        } else {
            fprintf(stderr, "usage: kernel_costs [--calls N] [--marked] [CASE...]\n");
            return 2;
        }
    }
    for (size_t i = 0; i < sizeof input; ++i)
        input[i] = (uint8_t)(31 * i);
    for (size_t i = 0; i < sizeof key; ++i)
        key[i] = (uint8_t)(7 * i + 1);
    memset(output, 0, sizeof output);

    int done = 0;
    for (size_t i = 0; i < case_count; ++i) {
        int wanted = first == argc;
        for (int a = first; a < argc; ++a)
            wanted |= strcmp(argv[a], cases[i].name) == 0;
        if (!wanted)
            continue;
        ++done;
        const ssize_t r = run(i, calls, marked);
        if (r < 0)
            printf("%s %zd\n", cases[i].name, r);
        fflush(stdout);
    }
    if (done == 0)
        fprintf(stderr, "kernel_costs: no such case\n");
    return done == 0 ? 2 : 0;
}
