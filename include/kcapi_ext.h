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
    KCAPI_EXT_ENGINE_DEFAULT = -1, ///< what kcapi_ext_set_engine set, else KCAPI_ENGINE; not for set_engine
    KCAPI_EXT_ENGINE_AUTO = 0,   ///< the kernel for its hardware and for what only it has, else this process
    KCAPI_EXT_ENGINE_KERNEL = 1, ///< the kernel through AF_ALG sockets, never anything else
    KCAPI_EXT_ENGINE_LOCAL = 2   ///< this process, without any AF_ALG socket
};

/// kcapi_ext_set_engine sets, for the whole process, the engine of handles made afterwards, those inside the
/// functions without a handle included. It overrides the environment variable KCAPI_ENGINE; AUTO does so too.
/// Returns 0, or -EINVAL (unknown value; the engine is as before).
int kcapi_ext_set_engine(enum kcapi_ext_engine engine);

/// kcapi_ext_set_threads sets, for the whole process, how many threads may work on one message of the local
/// engine, the caller's own among them: messages of two megabytes and more, in modes that allow it (ctr,
/// xts and ecb, and cbc where it decrypts). 1: the caller works alone. 0, the default: as many as there are
/// processors for the process. There are never more than 8. It overrides the environment variable
/// KCAPI_THREADS.
/// Returns 0, or -ENOMEM.
int kcapi_ext_set_threads(size_t count);

/// kcapi_ext_init makes a handle of any family: `type` is AF_ALG's name of it, "skcipher", "aead", "hash",
/// "rng", "akcipher" or "kpp". Otherwise as the init function of the family, on `engine`.
/// Returns and errors as kcapi_cipher_init; also -EINVAL (`type` NULL or unknown, unknown `engine`).
int kcapi_ext_init(struct kcapi_handle **handle, const char *type, const char *name, uint32_t flags,
                   enum kcapi_ext_engine engine);

/// Whether an implementation may serve: only one whose self test has passed does.
enum kcapi_ext_self_test {
    KCAPI_EXT_SELF_TEST_UNKNOWN = 0, ///< not run yet: it is run when somebody first asks for the driver
    KCAPI_EXT_SELF_TEST_PASSED = 1,
    KCAPI_EXT_SELF_TEST_FAILED = 2,     ///< never serves; the next driver of the name does
    KCAPI_EXT_SELF_TEST_UNAVAILABLE = 3 ///< cannot run here: its library lacks it, or FIPS mode forbids it
};

/// What an algorithm is. A size that does not apply to its type is 0. Later versions add members at the end.
struct kcapi_ext_algorithm {
    const char *type;        ///< "skcipher", "aead", "hash", "rng", "akcipher" or "kpp"
    const char *name;        ///< canonical, such as "cbc(aes)"
    const char *driver_name; ///< who computes, such as "cbc-aes-openssl"; "" if the engine cannot tell
    const char *engine;      ///< "kernel" or "local"
    int32_t priority;        ///< of the drivers of one name the highest serves
    uint32_t block_size;     ///< a message is a multiple of it
    uint32_t iv_size;
    uint32_t min_key_size; ///< with max_key_size 0: takes no key
    uint32_t max_key_size;
    uint32_t max_tag_size; ///< aead
    uint32_t digest_size;  ///< hash
    uint32_t seed_size;    ///< rng
    uint32_t hardware;     ///< 1: a device that only the kernel reaches
    uint32_t chunk_size;   ///< skcipher, aead: an unfinished message is processed in multiples of it
    uint32_t self_test;    ///< an enum kcapi_ext_self_test value; PASSED for what a handle is served by
};

/// kcapi_ext_describe writes to `out` what the algorithm of the handle is, `out_size` bytes of it at most:
/// give `sizeof(struct kcapi_ext_algorithm)`. Members that this library does not know yet become 0. The
/// strings are valid as long as the handle.
/// Returns 0, or -EINVAL (invalid handle), -EFAULT (`out` NULL with a size).
int kcapi_ext_describe(struct kcapi_handle *handle, struct kcapi_ext_algorithm *out, size_t out_size);

/// Receives an algorithm from kcapi_ext_list; its strings are valid during the call. 0 goes on, another
/// number ends the list. It must not call the library, nor throw.
typedef int (*kcapi_ext_list_fn)(void *context, const struct kcapi_ext_algorithm *algorithm);

/// kcapi_ext_list calls `fn` for each algorithm that `engine` can name now, those of the local engine before
/// those of the kernel where both serve (AUTO). More may exist: both engines build algorithms from parts when
/// they are first asked for. Drivers that cannot serve are listed too: `self_test` tells. No self test is run
/// for the list.
/// Returns 0, the number with which `fn` ended it, or -EINVAL (`fn` NULL, unknown `engine`), -ENOENT (unknown
/// value of KCAPI_ENGINE), -ENOMEM. An engine that cannot be asked has no algorithms.
int kcapi_ext_list(enum kcapi_ext_engine engine, kcapi_ext_list_fn fn, void *context);

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

/// kcapi_ext_stream_try_op collects output of a streamed message as kcapi_cipher_stream_op and
/// kcapi_aead_stream_op do, on a handle of either family, but never sleeps.
/// Returns as those functions, and -EAGAIN while there is nothing to return.
ssize_t kcapi_ext_stream_try_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_ext_stream_update_borrowed adds data to a streamed message as kcapi_cipher_stream_update and
/// kcapi_aead_stream_update do, with `last` other than 0 as the update_last functions, on a handle of either
/// family. The caller promises to leave the buffers unchanged until the output of this data was collected,
/// the message was discarded, or the handle was destroyed; so the library need not copy them. It may.
/// Returns and errors as kcapi_cipher_stream_update.
ssize_t kcapi_ext_stream_update_borrowed(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len,
                                         int last);

/// kcapi_ext_md_clone makes a second handle of a hash with the same key and with a copy of the message under
/// way: the beginnings of several messages are hashed once. Both go on independently.
/// Returns 0, or -EINVAL (`newhandle` NULL, `existing` invalid or not a hash), -ENOMEM, or another number of
/// the kernel's.
int kcapi_ext_md_clone(struct kcapi_handle **newhandle, struct kcapi_handle *existing);

/// What kcapi_ext_batch does with its messages.
enum kcapi_ext_operation {
    KCAPI_EXT_DECRYPT = 0, ///< skcipher, aead
    KCAPI_EXT_ENCRYPT = 1, ///< skcipher, aead
    KCAPI_EXT_DIGEST = 16  ///< hash
};

/// One whole message of kcapi_ext_batch. Members that do not apply are NULL and 0.
struct kcapi_ext_message {
    const uint8_t *iv;    ///< skcipher, aead
    size_t iv_len;        ///< exactly the size of the algorithm's IV
    const uint8_t *assoc; ///< aead: associated data
    size_t assoc_len;
    const uint8_t *in; ///< plaintext, ciphertext without its tag, or what is hashed
    size_t in_len;
    uint8_t *out;   ///< as long as `in` at least, and may be `in`; for a hash the digest
    size_t out_len; ///< room in `out`
    uint8_t *tag;   ///< aead: written by encryption, read by decryption
    size_t tag_len; ///< exactly the length that is set on the handle
    ssize_t result; ///< set by the call: bytes written to `out`, or a negative errno value
};

/// kcapi_ext_batch processes `count` independent whole messages, each with an IV, associated data and tag of
/// its own. A batch can be faster than its messages one by one. `message_size` is sizeof(struct
/// kcapi_ext_message); chunked IVs (kcapi_ext_set_chunked_iv) play no part. Every message gets its `result`:
/// the length of `in` or of the digest, or
/// -EBADMSG   aead: the tag is wrong. As after every failure of an aead message, `out` is wiped;
/// -EINVAL    a length that does not fit: `iv_len`, `tag_len`, `out_len` too small, or a length of `in` that
///            the mode cannot process; a member that does not apply; a streamed message is under way;
/// -EFAULT    a buffer NULL with a length;
/// -ENOKEY    no key;
/// -EMSGSIZE  the engine cannot take the message as a whole;
/// -ENOMEM    or another number of the kernel's.
/// A message that failed does not keep the others from being processed.
/// Returns how many succeeded, or -EINVAL (invalid handle; `messages` NULL with a count; `message_size` too
/// small; an operation that the handle does not have), and no message was looked at then.
ssize_t kcapi_ext_batch(struct kcapi_handle *handle, enum kcapi_ext_operation operation,
                        struct kcapi_ext_message *messages, size_t message_size, size_t count);

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
