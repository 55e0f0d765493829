// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: what this library offers beyond kcapi.h, under the version node KCAPI_EXT_1. A program that
// uses it does not run with another libkcapi.so.1; the dynamic linker says so when it starts.
//
// docs/api-conventions.md holds here as well.
#ifndef KCAPI_EXT_H
#define KCAPI_EXT_H

#include "kcapi.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Who computes.
enum kcapi_ext_engine {
    KCAPI_EXT_ENGINE_AUTO = 0,   ///< the kernel for its hardware and for what only it has, else this process
    KCAPI_EXT_ENGINE_KERNEL = 1, ///< the kernel through AF_ALG sockets, never anything else
    KCAPI_EXT_ENGINE_LOCAL = 2   ///< this process, without any AF_ALG socket
};

/// kcapi_ext_set_engine sets, for the whole process, the engine of handles made afterwards, those inside the
/// functions without a handle included. It overrides the environment variable KCAPI_ENGINE; AUTO does so too.
/// Returns 0, or -EINVAL (unknown value; the engine is as before).
int kcapi_ext_set_engine(enum kcapi_ext_engine engine);

/// kcapi_ext_cipher_init makes a handle as kcapi_cipher_init does, on `engine`, whatever the process-wide
/// engine is.
/// Returns and errors as kcapi_cipher_init; also -EINVAL (unknown `engine`).
int kcapi_ext_cipher_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags,
                          enum kcapi_ext_engine engine);

/// kcapi_ext_engine_name returns who serves the handle, "kernel" or "local"; NULL for an invalid handle. The
/// string is valid as long as the handle.
const char *kcapi_ext_engine_name(struct kcapi_handle *handle);

/// kcapi_ext_driver_name returns the driver that computes for the handle, such as "cbc-aes-openssl" or the
/// kernel's "cbc-aes-aesni"; "" if the kernel does not tell; NULL for an invalid handle. The string is valid
/// as long as the handle.
const char *kcapi_ext_driver_name(struct kcapi_handle *handle);

/// kcapi_ext_algorithm_name returns the algorithm in its canonical form, such as "cbc(aes)", also if the
/// handle was made by a driver's name; NULL for an invalid handle. The string is valid as long as the handle.
const char *kcapi_ext_algorithm_name(struct kcapi_handle *handle);

/// kcapi_ext_last_error returns what went wrong in the last call of the calling thread that failed, as a text
/// for people; "" if none failed yet. A call that succeeds leaves it. It never contains keys or data, and its
/// wording may change: programs decide by the number that the call returned. The string is valid until the
/// thread calls the library again. Never NULL.
const char *kcapi_ext_last_error(void);

/// kcapi_ext_set_chunked_iv switches how the one-shot and aio functions of the handle treat a message of more
/// than 16 pages (64 KiB where a page has 4096 bytes). With `enable` 0, the default, it is one message.
/// Otherwise each 16 pages are a message of their own that starts from the caller's IV again, as the original
/// library did: for decrypting what it wrote. With `iv` NULL there is no difference. Handles made from this
/// one by kcapi_handle_reinit inherit it. Do not encrypt so: ctr then uses the same key stream for every
/// piece and gives the plaintext away.
/// Returns 0, or -EINVAL (invalid handle).
int kcapi_ext_set_chunked_iv(struct kcapi_handle *handle, int enable);

/// Receives messages of the library; `level` is the enum kcapi_verbosity value of the message, and `message`
/// a text without a newline, valid during the call. It is called from whatever thread has something to tell,
/// by one thread at a time, and must not call the library.
typedef void (*kcapi_ext_log_fn)(void *context, int level, const char *message);

/// kcapi_ext_set_log sends the messages that kcapi_set_verbosity lets pass to `fn`, with `context` handed
/// through, instead of stderr; `fn` NULL restores stderr. When it returns, the function before is no longer
/// called.
void kcapi_ext_set_log(kcapi_ext_log_fn fn, void *context);

#ifdef __cplusplus
}
#endif

#endif
