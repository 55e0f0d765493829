// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi.h: the C interface of libkcapi.so.1. Programs written for libkcapi compile and run with it unchanged.
//
// A handle is one algorithm with its key (shared by the handles of kcapi_handle_reinit) and one message under
// way. It is served by the kernel (AF_ALG sockets) or inside this process; kcapi_ext.h chooses and tells
// which.
//
// What holds for every function is said once, in docs/api-conventions.md: NULL and zero lengths, overlap,
// threads, fork, signals, errno, and what a failed call leaves behind. In short: 0 or a number of bytes is
// success, a negative errno value is failure; -EINVAL for a handle that is NULL or destroyed; -EFAULT for a
// NULL buffer with a length; an output argument is written on success only. Below stands what is particular
// to a function.
#ifndef KCAPI_H
#define KCAPI_H

#include <stdint.h>
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

/// DSO_DEPRECATED marks a declaration as deprecated since the library version x.
#define DSO_DEPRECATED(x) __attribute__((deprecated("deprecated since libkcapi " #x)))

/// How data travels to the kernel: `access` of the one-shot and aio functions. A hint: any value is accepted,
/// and none changes a result.
#define KCAPI_ACCESS_HEURISTIC 0x0 ///< the library chooses by size
#define KCAPI_ACCESS_VMSPLICE 0x1  ///< by reference, through a pipe
#define KCAPI_ACCESS_SENDMSG 0x2   ///< by copy

/// Flag of the init functions and of kcapi_handle_reinit: the aio functions will be used. Other bits are
/// ignored.
#define KCAPI_INIT_AIO (1 << 0)

/// Names of elliptic curves, for key agreement.
#define ECC_CURVE_NIST_P192 0x0001
#define ECC_CURVE_NIST_P256 0x0002

/// How much the library tells, see kcapi_set_verbosity.
enum kcapi_verbosity {
    KCAPI_LOG_NONE = 0,
    KCAPI_LOG_ERR = 1,
    KCAPI_LOG_WARN = 2,
    KCAPI_LOG_VERBOSE = 3,
    KCAPI_LOG_DEBUG = 4
};

/// Opaque. Made by an init function or kcapi_handle_reinit, ended by the destroy function of its family.
struct kcapi_handle;

// -----------------------------------------------------------------------------------------------------------
// Handles and utilities
// -----------------------------------------------------------------------------------------------------------

/// kcapi_handle_reinit makes a second handle with the algorithm, key and engine of `existing`. Both encrypt
/// and decrypt independently of each other, each with its own IV (all zeros at first) and stream; the first
/// operation on either fixes the key of both. A tag length set on one holds for both; the length of
/// associated data is 0 on the new handle. They may be destroyed in any order. `flags` as in
/// kcapi_cipher_init.
/// Returns 0, or -EINVAL (`newhandle` NULL, `existing` invalid), -ENOMEM.
int kcapi_handle_reinit(struct kcapi_handle **newhandle, struct kcapi_handle *existing, uint32_t flags);

/// kcapi_set_verbosity sets, for the whole process, up to which level messages are written to stderr, one
/// line each: "libkcapi - Error: text", or Warning, Verbose, Debug. KCAPI_LOG_NONE is the default. Keys and
/// data are never written. kcapi_ext_set_log sends the messages elsewhere.
void kcapi_set_verbosity(enum kcapi_verbosity level);

/// kcapi_versionstring writes "libkcapi 1.5.1", the interface level that this library has, as a string to
/// `buf`, cut to `buf_len` bytes including the final NUL. It does nothing if `buf` is NULL or `buf_len` is 0.
void kcapi_versionstring(char *buf, uint32_t buf_len);

/// kcapi_version returns the interface level as major * 1000000 + minor * 10000 + patch * 100: 1050100 for
/// 1.5.1.
uint32_t kcapi_version(void);

/// kcapi_pad_iv makes an IV of exactly the size that the algorithm takes (kcapi_cipher_ivsize): the first
/// bytes of `iv`, filled up with zeros at the end, or cut. The new IV is aligned to 16 bytes; the caller
/// releases it with free(), also when `*new_iv_len` is 0, as it is for a mode without IV.
/// Returns 0, or -EINVAL (invalid handle, `new_iv` or `new_iv_len` NULL), -EFAULT (`iv` NULL with a length),
/// -ENOMEM.
int kcapi_pad_iv(struct kcapi_handle *handle, const uint8_t *iv, uint32_t iv_len, uint8_t **new_iv,
                 uint32_t *new_iv_len);

/// kcapi_memset_secure sets `n` bytes at `s` to `c`, like memset, but is never optimized away: for wiping
/// keys. It does nothing if `s` is NULL.
void kcapi_memset_secure(void *s, int c, size_t n);

/// kcapi_set_maxsplicesize sets how many bytes the handle hands to the kernel by reference in one step. The
/// size is rounded up to a power of two of pages, at least one page, as a pipe's is (fcntl(2), F_SETPIPE_SZ).
/// A matter of speed and memory only: longer data is processed as well.
/// Returns 0, or -EINVAL (invalid handle, `size` above 2^31), -EPERM (`size` above /proc/sys/fs/pipe-max-size
/// without CAP_SYS_RESOURCE), or another number of pipe2(2) or fcntl(2). After an error the size is as
/// before.
int kcapi_set_maxsplicesize(struct kcapi_handle *handle, unsigned int size);

/// kcapi_get_maxsplicesize returns how many bytes can safely be handed over by reference: the size set, less
/// one page for data that does not begin at a page boundary (of one page nothing is taken off). 126976 on a
/// new handle where pages are 4096 bytes. Asking changes nothing.
/// Returns that size, or -EINVAL (invalid handle).
int kcapi_get_maxsplicesize(struct kcapi_handle *handle);

// -----------------------------------------------------------------------------------------------------------
// Symmetric ciphers
//
// Encryption without authentication: a changed ciphertext decrypts without an error. Never use an IV twice
// with one key in ctr, and make it unpredictable for cbc (NIST SP 800-38A, appendices B and C).
// -----------------------------------------------------------------------------------------------------------

/// kcapi_cipher_init makes a handle for `ciphername`, a name of the kernel's such as "cbc(aes)", or the name
/// of one driver such as "cbc-aes-openssl". The handle has no key. With KCAPI_INIT_AIO in `flags` it will be
/// used with the aio functions; other bits are ignored. The engine is that of kcapi_ext_set_engine, else of
/// KCAPI_ENGINE.
/// Returns 0, or -EINVAL (`handle` or `ciphername` NULL), -ENOENT (unknown name, or unknown value of
/// KCAPI_ENGINE), -ENOMEM, -EMFILE or -ENFILE (no descriptor left). Where only the kernel is left to ask, by
/// choice or because the local engine does not know the name: -EAFNOSUPPORT (it has no AF_ALG or forbids it),
/// -EPERM or -EACCES (a sandbox denies the socket), or another number of socket(2) or bind(2).
int kcapi_cipher_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags);

/// kcapi_cipher_destroy ends a handle of any family and wipes what it holds; NULL is allowed. Threads asleep
/// in kcapi_cipher_stream_update or kcapi_cipher_stream_op on it are woken and return -ECANCELED; destroy
/// waits until they have left. Any other use of the handle during the call or after it is an error of the
/// caller.
void kcapi_cipher_destroy(struct kcapi_handle *handle);

/// kcapi_cipher_setkey sets the key, for this handle and those that share it, until the first operation on
/// any of them. The key is copied; wiping `key` remains with the caller. xts takes two keys one after the
/// other (IEEE 1619). A length outside of the cipher's range leaves the old key in force; one inside of it
/// that is no key length (17 bytes for AES) leaves the handle without key (Linux, crypto/skcipher.c).
/// Returns 0, or -EINVAL (invalid handle, key length, or a key that FIPS mode forbids), -EFAULT, -EBUSY (an
/// operation was begun), -ENOMEM (the kernel: longer than net.core.optmem_max).
int kcapi_cipher_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len);

/// kcapi_cipher_ivsize returns the length of the IV in bytes, 0 for a mode without IV (ecb) or an invalid
/// handle.
uint32_t kcapi_cipher_ivsize(struct kcapi_handle *handle);

/// kcapi_cipher_blocksize returns the number of bytes of which a message must be a multiple: 16 for cbc(aes),
/// 1 for a stream mode such as ctr(aes). 0 for an invalid handle.
uint32_t kcapi_cipher_blocksize(struct kcapi_handle *handle);

/// kcapi_cipher_encrypt encrypts one whole message of any size, `in_len` bytes from `in` to `out`. `iv` has
/// kcapi_cipher_ivsize bytes and is used once, at the start; NULL goes on from the IV that the operation
/// before left on the handle, all zeros at first (the next message of cbc and ctr; of little use with modes
/// that do not chain). `out` may be `in`, but must not overlap it otherwise. Only `in_len` bytes are written,
/// however large `out_len` is.
/// Returns `in_len`; 0 if `in_len` or `out_len` is 0, and nothing has happened then; or
/// -EINVAL    invalid handle; `out_len` below `in_len`; a length that the mode cannot process (ecb, cbc: no
///            multiple of the block size; xts, cts: less than a block); data of a streamed message on the
///            handle is not collected yet;
/// -EFAULT    `in` or `out` NULL;
/// -EMSGSIZE  `out_len` above INT_MAX; on the kernel engine a message above its socket buffers in a mode that
///            cannot be continued from one piece to the next (xts, cts, ...);
/// -ENOKEY    no key;
/// -ENOMEM    or -EMFILE or another number of the kernel's.
/// Nothing is processed after -EINVAL for lengths that the arguments show, -EFAULT, -EMSGSIZE and -ENOKEY;
/// after the others `out` holds nothing of use.
ssize_t kcapi_cipher_encrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, const uint8_t *iv,
                             uint8_t *out, size_t out_len, int access);

/// kcapi_cipher_decrypt decrypts one whole message; arguments and results are those of kcapi_cipher_encrypt.
/// Data above 64 KiB that the original library wrote with its one-shot functions needs
/// kcapi_ext_set_chunked_iv.
ssize_t kcapi_cipher_decrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, const uint8_t *iv,
                             uint8_t *out, size_t out_len, int access);

/// kcapi_cipher_encrypt_aio encrypts `iov_len` independent messages: each `in_iov[i]` to `out_iov[i]`, by the
/// rules of kcapi_cipher_encrypt, every one from `iv`, or with `iv` NULL every one going on from the one
/// before. It works with and without KCAPI_INIT_AIO, and returns when all are done. The kernel gets many
/// messages at once where it takes them so.
/// Returns the sum of the results, 0 if `iov_len` is 0, or -EINVAL (`in_iov` or `out_iov` NULL), -EOVERFLOW
/// (a sum above INT_MAX), or the error of the first message whose arguments are wrong, and then nothing is
/// processed; or the error of the first message that failed, and then all the others are processed.
ssize_t kcapi_cipher_encrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                                 size_t iov_len, const uint8_t *iv, int access);

/// kcapi_cipher_decrypt_aio decrypts `iov_len` independent messages, otherwise as kcapi_cipher_encrypt_aio.
ssize_t kcapi_cipher_decrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                                 size_t iov_len, const uint8_t *iv, int access);

// A streamed message: init, any number of updates, update_last; the output is collected by stream_op, by the
// same thread or by others, meanwhile or afterwards. The data waits in a buffer of bounded size (212992 bytes
// unless the kernel engine runs with another net.core.wmem_default), so a message that is longer needs a
// thread that feeds and one that collects, or turns of both. Modes that do not chain (xts, cts, ...) give the
// result of one message only if update_last was called before and one stream_op collects everything (Linux,
// crypto/algif_skcipher.c).

/// kcapi_cipher_stream_init_enc begins a message to encrypt and takes its first data, if any (`iov` NULL with
/// `iov_len` 0: none). What was not collected of an earlier message is discarded, and with it the IV that it
/// would have left. `iv` as in kcapi_cipher_encrypt; it is copied. While another thread is in an update of
/// the handle it waits for that one first. The data is taken as by kcapi_cipher_stream_update.
/// Returns the bytes taken, 0 without data, or the errors of kcapi_cipher_stream_update.
ssize_t kcapi_cipher_stream_init_enc(struct kcapi_handle *handle, const uint8_t *iv, struct iovec *iov,
                                     size_t iov_len);

/// kcapi_cipher_stream_init_dec begins a message to decrypt, otherwise as kcapi_cipher_stream_init_enc.
ssize_t kcapi_cipher_stream_init_dec(struct kcapi_handle *handle, const uint8_t *iv, struct iovec *iov,
                                     size_t iov_len);

/// kcapi_cipher_stream_update adds data to the message. It copies: the caller may change its buffers at once.
/// While the buffer is full it sleeps until another thread collects. Several threads may call it; the bytes
/// of one call stay together. After an ended message was collected it begins the next one, in the same
/// direction, with the IV that the last one left; on a handle that never had a message it decrypts from an IV
/// of zeros, as the kernel does.
/// Returns the bytes taken, fewer than given only if a signal handler without SA_RESTART or an error came in
/// between; or
/// -EINVAL     invalid handle; `iov` NULL with a count; the message has ended and data of it is not collected
///             yet;
/// -EFAULT     a buffer NULL with a length;
/// -EMSGSIZE   more than 1024 buffers;
/// -ENOKEY     no key;
/// -EINTR      interrupted before anything was taken;
/// -ECANCELED  the handle is being destroyed;
/// -ENOMEM     or -EMFILE or another number of the kernel's.
ssize_t kcapi_cipher_stream_update(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_cipher_stream_update_last adds data like kcapi_cipher_stream_update and ends the message; with `iov`
/// NULL and `iov_len` 0 it only ends it, and never sleeps. If fewer bytes were taken than given, the message
/// has not ended: call again with the rest.
/// Returns and errors as kcapi_cipher_stream_update.
ssize_t kcapi_cipher_stream_update_last(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_cipher_stream_op collects output of the message into the buffers of `iov`, in order. It sleeps only
/// while there is nothing to return, and returns what there is, however large the buffers are. Until the
/// message has ended, and whenever more is there than fits, it returns whole blocks only, blocks of the
/// cipher inside: 16 bytes for every mode of AES, also ctr. Several threads may call it; each byte goes to
/// one of them, in the order in which they came. After the end was collected it sleeps until there is a next
/// message.
/// Returns the bytes written (0 for an ended message without data, in modes that allow one), or
/// -EINVAL     invalid handle; `iov` NULL or `iov_len` 0; buffers too small for a block, and the data stays;
///             the message ended with a length that the mode cannot process, and the rest of it is discarded;
/// -EFAULT     a buffer NULL with a length;
/// -EMSGSIZE   more than 1024 buffers;
/// -ENOKEY     no key;
/// -EINTR      a signal handler without SA_RESTART interrupted its sleep;
/// -ECANCELED  the handle is being destroyed;
/// -ENOMEM     or -EMFILE or another number of the kernel's.
ssize_t kcapi_cipher_stream_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

// One message with a key that is used once: init, setkey, encrypt or decrypt, and destroy in one call.
// Cheaper, if there are several messages with one key, is a handle.

/// kcapi_cipher_enc_aes_cbc encrypts with cbc(aes) (FIPS 197, NIST SP 800-38A). `key_len` is 16, 24 or 32;
/// `iv` has 16 bytes, NULL stands for zeros. `in_len` is a multiple of 16; there is no padding.
/// Returns and errors as kcapi_cipher_init, kcapi_cipher_setkey and kcapi_cipher_encrypt.
ssize_t kcapi_cipher_enc_aes_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *iv, uint8_t *out, size_t out_len);

/// kcapi_cipher_dec_aes_cbc decrypts with cbc(aes), otherwise as kcapi_cipher_enc_aes_cbc.
ssize_t kcapi_cipher_dec_aes_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *iv, uint8_t *out, size_t out_len);

/// kcapi_cipher_enc_aes_ctr encrypts with ctr(aes) (FIPS 197, NIST SP 800-38A). `key_len` is 16, 24 or 32;
/// `ctr`, the first counter block, has 16 bytes and counts up as one big-endian number; NULL stands for
/// zeros. Any `in_len`. A counter block that was used twice with a key gives both plaintexts away.
/// Returns and errors as kcapi_cipher_init, kcapi_cipher_setkey and kcapi_cipher_encrypt.
ssize_t kcapi_cipher_enc_aes_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *ctr, uint8_t *out, size_t out_len);

/// kcapi_cipher_dec_aes_ctr decrypts with ctr(aes), otherwise as kcapi_cipher_enc_aes_ctr.
ssize_t kcapi_cipher_dec_aes_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *ctr, uint8_t *out, size_t out_len);

/// kcapi_cipher_enc_sm4_cbc encrypts with cbc(sm4) (GB/T 32907). `key_len` is 16, otherwise as
/// kcapi_cipher_enc_aes_cbc; -ENOENT where no engine has sm4.
ssize_t kcapi_cipher_enc_sm4_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *iv, uint8_t *out, size_t out_len);

/// kcapi_cipher_dec_sm4_cbc decrypts with cbc(sm4), otherwise as kcapi_cipher_enc_sm4_cbc.
ssize_t kcapi_cipher_dec_sm4_cbc(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *iv, uint8_t *out, size_t out_len);

/// kcapi_cipher_enc_sm4_ctr encrypts with ctr(sm4) (GB/T 32907). `key_len` is 16, otherwise as
/// kcapi_cipher_enc_aes_ctr; -ENOENT where no engine has sm4.
ssize_t kcapi_cipher_enc_sm4_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *ctr, uint8_t *out, size_t out_len);

/// kcapi_cipher_dec_sm4_ctr decrypts with ctr(sm4), otherwise as kcapi_cipher_enc_sm4_ctr.
ssize_t kcapi_cipher_dec_sm4_ctr(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                                 const uint8_t *ctr, uint8_t *out, size_t out_len);

// -----------------------------------------------------------------------------------------------------------
// Authenticated encryption (aead)
//
// A message is associated data, which is authenticated and not encrypted, then plaintext or ciphertext, then,
// to decrypt, the tag. What comes out of encryption is associated data, ciphertext, tag; of decryption,
// associated data and plaintext: the associated data is copied through. Never use an IV twice with one key to
// encrypt: with gcm two messages give away the key of the authentication (NIST SP 800-38D, appendix A).
// -----------------------------------------------------------------------------------------------------------

/// kcapi_aead_init makes a handle for `ciphername`, such as "gcm(aes)". It has no key, the longest tag that
/// the algorithm has, and no associated data. `flags` and results as for kcapi_cipher_init.
int kcapi_aead_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags);

/// kcapi_aead_destroy ends a handle as kcapi_cipher_destroy does.
void kcapi_aead_destroy(struct kcapi_handle *handle);

/// kcapi_aead_setkey sets the key by the rules of kcapi_cipher_setkey, except that any length the algorithm
/// refuses leaves the handle without key (Linux, crypto/aead.c). For rfc4106, rfc4309 and rfc4543 the salt
/// follows the key; for authenc `key` is the kernel's record of both keys (Linux, crypto/authenc.c).
/// Returns as kcapi_cipher_setkey.
int kcapi_aead_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len);

/// kcapi_aead_settaglen sets the length of the tag in bytes, for this handle and those that share its key,
/// until the first operation on any of them. Each algorithm allows its own lengths: gcm(aes) 4, 8 and 12 to
/// 16; ccm(aes) 4, 6, ... 16. A short tag is quickly guessed: one of 4 bytes in 2^32 tries.
/// Returns 0, or -EINVAL for whatever is wrong: invalid handle, a length that is not allowed, an operation
/// that was begun. The length is as before then.
int kcapi_aead_settaglen(struct kcapi_handle *handle, uint32_t tag_len);

/// kcapi_aead_setassoclen sets how many bytes at the start of a message are associated data, for the messages
/// begun afterwards; 0 on a new handle. Every handle has its own.
void kcapi_aead_setassoclen(struct kcapi_handle *handle, size_t assoc_len);

/// kcapi_aead_ivsize returns the length of the IV in bytes: 12 for gcm(aes), 16 for ccm(aes), 8 for
/// rfc4106(gcm(aes)). 0 for an invalid handle.
uint32_t kcapi_aead_ivsize(struct kcapi_handle *handle);

/// kcapi_aead_authsize returns the length of the longest tag that the algorithm has, which is the one that is
/// used unless kcapi_aead_settaglen chose another. 0 for an invalid handle.
uint32_t kcapi_aead_authsize(struct kcapi_handle *handle);

/// kcapi_aead_blocksize returns the block size of the algorithm: 1 for gcm(aes), 16 for
/// authenc(hmac(sha1),cbc(aes)), of which the plaintext must be a multiple. 0 for an invalid handle.
uint32_t kcapi_aead_blocksize(struct kcapi_handle *handle);

// How large buffers must be. The lengths are those given here, not those set on the handle. A sum that does
// not fit is the largest number there is, of which no allocation succeeds; 0 is for an invalid handle.

/// kcapi_aead_inbuflen_enc returns the length of a message to encrypt: `in_len` bytes of plaintext and
/// `assoc_len` of associated data. `tag_len` is not used: the tag needs no room in the input.
size_t kcapi_aead_inbuflen_enc(struct kcapi_handle *handle, size_t in_len, size_t assoc_len, size_t tag_len);

/// kcapi_aead_inbuflen_dec returns the length of a message to decrypt: `in_len` bytes of ciphertext without
/// its tag, `assoc_len` of associated data and `tag_len` of tag.
size_t kcapi_aead_inbuflen_dec(struct kcapi_handle *handle, size_t in_len, size_t assoc_len, size_t tag_len);

/// kcapi_aead_outbuflen_enc returns the room that encryption needs: `in_len` bytes of plaintext rounded up to
/// the block size, `assoc_len` of associated data and `tag_len` of tag. At least 1.
size_t kcapi_aead_outbuflen_enc(struct kcapi_handle *handle, size_t in_len, size_t assoc_len, size_t tag_len);

/// kcapi_aead_outbuflen_dec returns the room that decryption needs: `in_len` bytes of ciphertext without its
/// tag, rounded up to the block size, and `assoc_len` of associated data. At least 1. `tag_len` is not used.
size_t kcapi_aead_outbuflen_dec(struct kcapi_handle *handle, size_t in_len, size_t assoc_len, size_t tag_len);

/// kcapi_aead_ccm_nonce_to_iv makes the IV that ccm takes from a nonce: a byte that gives the size of the
/// length field, 14 less `nonce_len`; the nonce; zeros, to 16 bytes (RFC 3610, section 2.3). ccm itself takes
/// nonces of 7 to 13 bytes only. The IV is aligned to 16 bytes; the caller releases it with free().
/// Returns 0, or -EINVAL (`nonce_len` above 14, `iv` or `iv_len` NULL), -EFAULT (`nonce` NULL with a length),
/// -ENOMEM.
int kcapi_aead_ccm_nonce_to_iv(const uint8_t *nonce, uint32_t nonce_len, uint8_t **iv, uint32_t *iv_len);

// Where the parts of a message are in a buffer. Here the lengths are those set on the handle by
// kcapi_aead_setassoclen and kcapi_aead_settaglen; a tag length that was never set counts as 0. Every output
// argument may be NULL; a part that the buffer is too short for is NULL with length 0, and its bytes count to
// the next one. With `encdata` NULL no pointer is written, only lengths. An invalid handle: nothing is.

/// kcapi_aead_getdata_input finds associated data, text and tag in a buffer of `encdata_len` bytes that is to
/// be encrypted (`enc` not 0: there is no tag) or decrypted.
void kcapi_aead_getdata_input(struct kcapi_handle *handle, uint8_t *encdata, size_t encdata_len, int enc,
                              uint8_t **aad, size_t *aad_len, uint8_t **data, size_t *data_len, uint8_t **tag,
                              size_t *tag_len);

/// kcapi_aead_getdata_output finds associated data, text and tag in a buffer of `encdata_len` bytes that came
/// from encryption (`enc` not 0) or decryption, where there is no tag.
void kcapi_aead_getdata_output(struct kcapi_handle *handle, uint8_t *encdata, size_t encdata_len, int enc,
                               uint8_t **aad, size_t *aad_len, uint8_t **data, size_t *data_len,
                               uint8_t **tag, size_t *tag_len);

/// kcapi_aead_encrypt encrypts one whole message: `in` has the associated data and the plaintext, `out` gets
/// the associated data, the ciphertext and the tag. `iv` as in kcapi_aead_stream_init_enc. `out` may be `in`,
/// but must not overlap it otherwise. Room to spare does no harm. It is not limited as a streamed message is:
/// the local engine takes any size, the kernel engine what its socket buffers can be raised to.
/// Returns the bytes written, all three parts, or
/// -EMSGSIZE  `in_len` or `out_len` above INT_MAX; the kernel engine: its buffers are below the message;
/// -EFAULT    `in` or `out` NULL with a length;
/// -E2BIG     `out_len` below the tag length that was set;
/// -EINVAL    invalid handle; `in_len` below the associated data; `out_len` below the output; a length or an
///            IV that the algorithm does not take; a streamed message is under way on the handle;
/// -ENOKEY    no key;
/// -ENOMEM    or -EMFILE or another number of the kernel's.
/// Nothing is processed after what the arguments show and after -ENOKEY; after other errors `out` holds
/// nothing of use.
ssize_t kcapi_aead_encrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, const uint8_t *iv,
                           uint8_t *out, size_t out_len, int access);

/// kcapi_aead_decrypt verifies and decrypts one whole message: `in` has the associated data, the ciphertext
/// and the tag, `out` gets the associated data and the plaintext. A message that is a tag alone is verified,
/// and `out` may then be NULL with `out_len` 0. Otherwise as kcapi_aead_encrypt.
/// Returns the bytes written, or
/// -EBADMSG  the tag is wrong: message, associated data, IV or key were altered. `out` is wiped;
/// or the errors of kcapi_aead_encrypt without -E2BIG; -EINVAL also if `in_len` is below associated data and
/// tag.
ssize_t kcapi_aead_decrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, const uint8_t *iv,
                           uint8_t *out, size_t out_len, int access);

/// kcapi_aead_encrypt_aio encrypts `iov_len` independent messages, each `in_iov[i]` to `out_iov[i]` by the
/// rules of kcapi_aead_encrypt, all with the handle's length of associated data. Every one of them uses `iv`:
/// with gcm, ccm and chacha20 more than one message under an IV gives them away, so give one at a time there.
/// It works with and without KCAPI_INIT_AIO, and returns when all are done.
/// Returns the sum of the results, 0 if `iov_len` is 0, or -EINVAL (`in_iov` or `out_iov` NULL), -EOVERFLOW
/// (a sum above INT_MAX), or the first error that the arguments of a message show: nothing is processed then.
/// Or the error of the first message that failed in processing; the others were processed all the same.
ssize_t kcapi_aead_encrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                               size_t iov_len, const uint8_t *iv, int access);

/// kcapi_aead_decrypt_aio decrypts `iov_len` independent messages by the rules of kcapi_aead_decrypt,
/// otherwise as kcapi_aead_encrypt_aio. The output of each message whose tag is wrong is wiped.
ssize_t kcapi_aead_decrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                               size_t iov_len, const uint8_t *iv, int access);

// A streamed message: init, any number of updates, update_last, and then one stream_op that gives all of the
// output. Nothing comes out earlier: plaintext is not given away before the tag was verified. The data waits
// in a buffer, so one thread is enough; a message has at most 421888 bytes, associated data and tag included
// (less on a kernel with a smaller net.core.wmem_max).

/// kcapi_aead_stream_init_enc begins a message to encrypt and takes its first data, if any (`iov` NULL with
/// `iov_len` 0: none). An earlier message that was not collected is discarded. `iv` has as many bytes as the
/// algorithm's IV, 12 for gcm(aes), 16 for ccm(aes), and is copied; with NULL the IV of the message before is
/// used again, or zeros: only for a key that encrypts once.
/// Returns the bytes taken, 0 without data; or -EINVAL also for an IV that the algorithm refuses and for a
/// length of associated data above 2^31 - 1; or the errors of kcapi_aead_stream_update.
ssize_t kcapi_aead_stream_init_enc(struct kcapi_handle *handle, const uint8_t *iv, struct iovec *iov,
                                   size_t iov_len);

/// kcapi_aead_stream_init_dec begins a message to decrypt, otherwise as kcapi_aead_stream_init_enc.
ssize_t kcapi_aead_stream_init_dec(struct kcapi_handle *handle, const uint8_t *iv, struct iovec *iov,
                                   size_t iov_len);

/// kcapi_aead_stream_update adds data to the message: associated data first, then the text, to decrypt the
/// tag at last, in pieces of any size. It copies: the caller may change its buffers at once. It never sleeps.
/// Returns the bytes taken, all of them; or
/// -EINVAL     invalid handle; `iov` NULL with a count; no message was begun, or it has ended;
/// -EFAULT     a buffer NULL with a length;
/// -EMSGSIZE   more than 1024 buffers; or the message gets longer than the buffer, and is discarded;
/// -ENOKEY     no key;
/// -ECANCELED  the handle is being destroyed;
/// -ENOMEM     or -EMFILE or another number of the kernel's.
ssize_t kcapi_aead_stream_update(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_aead_stream_update_last adds data like kcapi_aead_stream_update and ends the message; with `iov`
/// NULL and `iov_len` 0 it only ends it.
/// Returns and errors as kcapi_aead_stream_update.
ssize_t kcapi_aead_stream_update_last(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_aead_stream_op collects the output of the message, all of it in one call, into the buffers of `iov`
/// in order. It sleeps until another thread has ended the message. Room to spare does no harm. With no room
/// at all (`iov_len` 0, or only empty buffers) it returns 0 and does nothing, unless the message has ended
/// and has no output, only a tag to verify.
/// Returns the bytes written, or
/// -EBADMSG    the tag is wrong: message, associated data, IV or key were altered. The message is gone, and
///             what had been written to the buffers is wiped;
/// -EINVAL     invalid handle; `iov` NULL; less room than the output needs, and the message stays; a message
///             shorter than its associated data and tag, or of a length that the algorithm cannot process,
///             and it is discarded;
/// -EFAULT     a buffer NULL with a length, and the message stays;
/// -EMSGSIZE   more than 1024 buffers, and the message stays; an engine whose buffers turn out too small for
///             the message, and it is discarded;
/// -ENOKEY     no key;
/// -EINTR      a signal handler without SA_RESTART interrupted its sleep;
/// -ECANCELED  the handle is being destroyed;
/// -ENOMEM     or -EMFILE or another number of the kernel's.
ssize_t kcapi_aead_stream_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

// -----------------------------------------------------------------------------------------------------------
// Message digests
//
// Hashes, and with a key message authentication codes: hmac(...), cmac(...). A handle holds one key and is in
// the middle of at most one message; it is used by one thread at a time, while handles that share a key by
// kcapi_handle_reinit may be used by as many threads as there are handles.
// -----------------------------------------------------------------------------------------------------------

/// kcapi_md_init makes a handle for `ciphername`, such as "sha256" or "hmac(sha256)". `flags` and results as
/// for kcapi_cipher_init.
int kcapi_md_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags);

/// kcapi_md_destroy ends a handle as kcapi_cipher_destroy does.
void kcapi_md_destroy(struct kcapi_handle *handle);

/// kcapi_md_setkey sets the key by the rules of kcapi_cipher_setkey, except that any key the algorithm
/// refuses leaves the handle without key (Linux, crypto/shash.c). hmac takes keys of any length, none
/// included.
/// Returns as kcapi_cipher_setkey; also -ENOSYS (a hash without key, such as sha256), -EINVAL (in FIPS mode a
/// key for hmac below 14 bytes).
int kcapi_md_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len);

/// kcapi_md_digestsize returns the length of the digest in bytes: 32 for sha256. 0 for an invalid handle.
uint32_t kcapi_md_digestsize(struct kcapi_handle *handle);

/// kcapi_md_blocksize returns the block size of the hash in bytes, as hmac uses it: 64 for sha256. 0 for an
/// invalid handle.
uint32_t kcapi_md_blocksize(struct kcapi_handle *handle);

/// kcapi_md_update adds `len` bytes to the message, which begins with the first of them after the digest
/// before. If it fails in the middle of a message, the message is lost: further updates fail alike, and so
/// does the kcapi_md_final that ends it.
/// Returns 0, or
/// -EINVAL    invalid handle;
/// -EMSGSIZE  `len` above INT_MAX;
/// -EFAULT    `buffer` NULL with a length;
/// -ENOKEY    no key;
/// -EIO       not all of it was taken;
/// -ENOMEM    or -EMFILE or another number of the kernel's.
/// Nothing is changed after -EINVAL, -EMSGSIZE, -EFAULT that the arguments show, and -ENOKEY.
ssize_t kcapi_md_update(struct kcapi_handle *handle, const uint8_t *buffer, size_t len);

/// kcapi_md_final ends the message and writes its digest, or without any update that of the empty message. A
/// buffer below the digest's size gets the beginning of it; the rest is gone. Then a next message can begin.
/// Returns the bytes written, or -EINVAL (invalid handle; `buffer` NULL or `len` 0, and the message stays),
/// or the error of an update that failed, -ENOKEY, or another number of the kernel's.
ssize_t kcapi_md_final(struct kcapi_handle *handle, uint8_t *buffer, size_t len);

/// kcapi_md_digest gives the digest of `in_len` bytes in one go, as kcapi_md_update and kcapi_md_final do,
/// and cheaper. If a message was begun, they are its end.
/// Returns the bytes written, or the errors of both; those that the arguments show come first, and nothing
/// has happened then.
ssize_t kcapi_md_digest(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, uint8_t *out,
                        size_t out_len);

// One message without a handle: init, for hmac setkey, digest, and destroy in one call. `out` below the
// digest's size gets the beginning of the digest. All of them return the bytes written, or the errors of
// kcapi_md_digest (-EMSGSIZE, -EFAULT, -EINVAL, before anything else is looked at), of kcapi_md_init
// (-ENOENT where no engine has the hash) and of kcapi_md_setkey.

/// kcapi_md_sha1 gives the sha1 digest (FIPS 180-4), 20 bytes. No longer safe against collisions.
ssize_t kcapi_md_sha1(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha224 gives the sha224 digest (FIPS 180-4), 28 bytes.
ssize_t kcapi_md_sha224(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha256 gives the sha256 digest (FIPS 180-4), 32 bytes.
ssize_t kcapi_md_sha256(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha384 gives the sha384 digest (FIPS 180-4), 48 bytes.
ssize_t kcapi_md_sha384(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha512 gives the sha512 digest (FIPS 180-4), 64 bytes.
ssize_t kcapi_md_sha512(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sm3 gives the sm3 digest (GB/T 32905), 32 bytes.
ssize_t kcapi_md_sm3(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha3_224 gives the sha3-224 digest (FIPS 202), 28 bytes.
ssize_t kcapi_md_sha3_224(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha3_256 gives the sha3-256 digest (FIPS 202), 32 bytes.
ssize_t kcapi_md_sha3_256(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha3_384 gives the sha3-384 digest (FIPS 202), 48 bytes.
ssize_t kcapi_md_sha3_384(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_sha3_512 gives the sha3-512 digest (FIPS 202), 64 bytes.
ssize_t kcapi_md_sha3_512(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len);

/// kcapi_md_hmac_sha1 gives the message authentication code hmac(sha1) (RFC 2104) under `key`, of any length.
ssize_t kcapi_md_hmac_sha1(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                           uint8_t *out, size_t out_len);

/// kcapi_md_hmac_sha224 gives the message authentication code hmac(sha224) (RFC 2104) under `key`, of any
/// length.
ssize_t kcapi_md_hmac_sha224(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                             uint8_t *out, size_t out_len);

/// kcapi_md_hmac_sha256 gives the message authentication code hmac(sha256) (RFC 2104) under `key`, of any
/// length.
ssize_t kcapi_md_hmac_sha256(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                             uint8_t *out, size_t out_len);

/// kcapi_md_hmac_sha384 gives the message authentication code hmac(sha384) (RFC 2104) under `key`, of any
/// length.
ssize_t kcapi_md_hmac_sha384(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                             uint8_t *out, size_t out_len);

/// kcapi_md_hmac_sha512 gives the message authentication code hmac(sha512) (RFC 2104) under `key`, of any
/// length.
ssize_t kcapi_md_hmac_sha512(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                             uint8_t *out, size_t out_len);

/// kcapi_md_hmac_sm3 gives the message authentication code hmac(sm3) (RFC 2104) under `key`, of any length.
ssize_t kcapi_md_hmac_sm3(const uint8_t *key, uint32_t key_len, const uint8_t *in, size_t in_len,
                          uint8_t *out, size_t out_len);

// -----------------------------------------------------------------------------------------------------------
// Random numbers
//
// getrandom(2) needs no handle.
// -----------------------------------------------------------------------------------------------------------

/// kcapi_rng_init makes a handle for the generator `ciphername`: "stdrng", the best that there is, or one by
/// its driver name such as "drbg_nopr_hmac_sha512". It is not seeded. `flags` and results as for
/// kcapi_cipher_init; where only the kernel is left to ask, it may be built without the generator: -ENOENT.
int kcapi_rng_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags);

/// kcapi_rng_destroy ends a handle as kcapi_cipher_destroy does.
void kcapi_rng_destroy(struct kcapi_handle *handle);

/// kcapi_rng_seed seeds the generator, for this handle and those that share it, until output or additional
/// data is first asked for on any of them, also if that fails. Most generators want it once before they give
/// anything. A DRBG takes its entropy itself (NIST SP 800-90A): `seed` NULL with `seed_len` 0 is enough, and
/// anything else is mixed in. ansi_cprng wants 32 bytes or more, and its output is determined by them.
/// Returns 0, or -EINVAL (invalid handle, length), -EFAULT (`seed` NULL with a length), -EBUSY (output was
/// asked for), -ENOMEM, or another number of the kernel's.
int kcapi_rng_seed(struct kcapi_handle *handle, uint8_t *seed, uint32_t seed_len);

/// kcapi_rng_generate fills `buffer` with `len` random bytes, all of them or none: after an error the buffer
/// is wiped. Handles made from one another by kcapi_handle_reinit share one generator.
/// Returns `len`, also if it is 0 and nothing has happened; or -EINVAL (invalid handle; not seeded), -EFAULT
/// (`buffer` NULL), -EMSGSIZE (`len` above the largest ssize_t), -EIO (the generator gave nothing), or
/// another number of the kernel's.
ssize_t kcapi_rng_generate(struct kcapi_handle *handle, uint8_t *buffer, size_t len);

/// kcapi_rng_setentropy gives a DRBG `ent_len` bytes of entropy in the place of the system's, so that its
/// output can be compared with published answers. For tests only, before the seed. Kernels have it if they
/// were built so (CONFIG_CRYPTO_USER_API_RNG_CAVP), and for the administrator.
/// Returns 0, or -EINVAL (invalid handle; done before), -EFAULT (`ent` NULL with a length), -ENOPROTOOPT (the
/// generator or the kernel does not have it), -EACCES (not allowed), -EMSGSIZE (above 128 bytes), -EBUSY
/// (output was taken), or another number of the kernel's.
int kcapi_rng_setentropy(struct kcapi_handle *handle, uint8_t *ent, uint32_t ent_len);

/// kcapi_rng_setaddtl gives additional input to the kcapi_rng_generate that follows, after
/// kcapi_rng_setentropy only.
/// Returns 0, or -EINVAL (invalid handle), -EFAULT (`addtl` NULL with a length), -EMSGSIZE (above 128 bytes),
/// -EOPNOTSUPP (no entropy was set), -EIO (not all of it was taken), or another number of the kernel's.
int kcapi_rng_setaddtl(struct kcapi_handle *handle, uint8_t *addtl, uint32_t len);

/// kcapi_rng_seedsize returns the number of bytes that the generator wants as its seed: 0 for one that takes
/// its entropy itself, such as a DRBG, and for an invalid handle.
uint32_t kcapi_rng_seedsize(struct kcapi_handle *handle);

/// kcapi_rng_get_bytes fills `buffer` with `out_len` random bytes from the generator "stdrng", all of them or
/// none: after an error the buffer is wiped. It seeds the generator, from getrandom(2) if that wants a seed.
/// Returns `out_len`; or -EFAULT (`buffer` NULL with a length; the generator gave nothing), -EMSGSIZE
/// (`out_len` above the largest ssize_t), -ENOENT (no engine has the generator), or the errors of
/// kcapi_rng_init, kcapi_rng_seed and kcapi_rng_generate.
ssize_t kcapi_rng_get_bytes(uint8_t *buffer, size_t out_len);

// -----------------------------------------------------------------------------------------------------------
// Key derivation
//
// Over a keyed hash.
// -----------------------------------------------------------------------------------------------------------

// From a key: the handle is that of the pseudorandom function, such as hmac(sha256) or cmac(aes) under the
// key, with no message under way (NIST SP 800-108). `src` is the fixed input data, which the caller formats:
// label, a zero byte, context, and the length that is wanted. The counter has 32 bits, big-endian, and begins
// with 1. Any number of keys can be derived with one handle.

/// kcapi_kdf_ctr derives a key in counter mode: the blocks are PRF(counter || src).
/// Returns 0, also for `dlen` 0, or
/// -EMSGSIZE  `dlen` above INT_MAX, and `dst` is left alone; `slen` above INT_MAX;
/// -EFAULT    a digest of no or of more than 64 bytes; a buffer NULL with a length;
/// -EINVAL    invalid handle; a message is under way on it;
/// -ENOKEY    no key; or another number of the kernel's.
/// After an error `dst` is wiped.
ssize_t kcapi_kdf_ctr(struct kcapi_handle *handle, const uint8_t *src, size_t slen, uint8_t *dst,
                      size_t dlen);

/// kcapi_kdf_fb derives a key in feedback mode: the blocks are PRF(block before || counter || fixed). `src`
/// begins with the IV, which stands for the block before the first and has the digest's size; what follows it
/// is the fixed data.
/// Returns and errors as kcapi_kdf_ctr; also -EINVAL (`src` NULL or below the digest's size).
ssize_t kcapi_kdf_fb(struct kcapi_handle *handle, const uint8_t *src, size_t slen, uint8_t *dst, size_t dlen);

/// kcapi_kdf_dpi derives a key in double-pipeline mode: the blocks are PRF(A || counter || src), where A
/// begins as PRF(src), or the PRF of as many zeros as a digest has if there is no `src`, and goes on as
/// PRF(A).
/// Returns and errors as kcapi_kdf_ctr.
ssize_t kcapi_kdf_dpi(struct kcapi_handle *handle, const uint8_t *src, size_t slen, uint8_t *dst,
                      size_t dlen);

/// kcapi_hkdf derives a key from input key material `ikm`: HKDF (RFC 5869) with the keyed hash `hashname`,
/// such as "hmac(sha256)". `salt` NULL stands for as many zeros as a digest has, whatever `salt_len` is;
/// `info` may be empty.
/// Returns 0, or
/// -EINVAL    `ikm` NULL or empty; `dst` NULL; `hashname` NULL; `dlen` above 255 digests;
/// -EMSGSIZE  `ikm_len` or `info_len` above INT_MAX;
/// -EFAULT    `info` NULL with a length; a digest of no or of more than 64 bytes;
/// -ENOSYS    a hash without key, such as "sha256";
/// -ENOENT    or -EAFNOSUPPORT or another number of kcapi_cipher_init: no such hash here;
/// -ENOMEM    or another number of the kernel's.
/// After an error `dst` is wiped, unless `dlen` is above any that could be.
ssize_t kcapi_hkdf(const char *hashname, const uint8_t *ikm, size_t ikm_len, const uint8_t *salt,
                   uint32_t salt_len, const uint8_t *info, size_t info_len, uint8_t *dst, size_t dlen);

/// kcapi_pbkdf derives a key from a password: PBKDF2 (RFC 8018, section 5.2) with the keyed hash `hashname`,
/// such as "hmac(sha256)", `count` iterations, and a salt, which may be empty as the password may. The key of
/// `key_len` bytes is written to `key`; after an error `key` is wiped. Before anything else is looked at,
/// `key_len` and `count` are, in this order.
/// Returns 0, or
/// -EMSGSIZE  `key_len` above INT_MAX, and `key` is left alone; `salt_len` above INT_MAX;
/// -EINVAL    `count` is 0; `hashname` NULL; the password's length is no key length of the hash (cmac(aes));
/// -EFAULT    a buffer NULL with a length; a hash with a digest of no or of more than 64 bytes;
/// -ENOSYS    a hash without key, such as "sha256";
/// -ENOENT    or -EAFNOSUPPORT or another number of kcapi_cipher_init: no such hash here;
/// -ENOMEM    the kernel: the password is longer than net.core.optmem_max; or another number of the kernel's.
ssize_t kcapi_pbkdf(const char *hashname, const uint8_t *pw, uint32_t pw_len, const uint8_t *salt,
                    size_t salt_len, uint32_t count, uint8_t *key, size_t key_len);

/// kcapi_pbkdf_iteration_count measures how many iterations of kcapi_pbkdf with `hashname` take longer than
/// `timeshresh` nanoseconds here, to make guessing a password as slow as the user can bear; 0 stands for 2^27
/// of them, about 0.13 seconds. The search takes several times as long.
/// Returns a power of two, at least 65536; 262144 where kcapi_pbkdf fails, so a result says nothing about
/// whether `hashname` exists.
uint32_t kcapi_pbkdf_iteration_count(const char *hashname, uint64_t timeshresh);

// -----------------------------------------------------------------------------------------------------------
// Public-key encryption and signatures
//
// Served inside the process: mainline kernels have no sockets for these algorithms, so with
// KCAPI_ENGINE=kernel init is -ENOENT. Names: "rsa" is the primitive alone (RFC 8017, section 5), not to be
// used on messages as they are; "pkcs1pad(rsa)" has the padding of PKCS #1 v1.5, and "pkcs1pad(rsa,sha256)",
// or another of sha1, sha224, sha384, sha512, signs digests of that hash. A handle works on complete
// messages.
// -----------------------------------------------------------------------------------------------------------

/// kcapi_akcipher_init makes a handle for `ciphername`. It has no key. `flags` and results as for
/// kcapi_cipher_init.
int kcapi_akcipher_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags);

/// kcapi_akcipher_destroy ends a handle as kcapi_cipher_destroy does.
void kcapi_akcipher_destroy(struct kcapi_handle *handle);

/// kcapi_akcipher_setkey sets the private key, DER of an RSAPrivateKey with two primes (RFC 8017, appendix
/// A.1.2; 512 to 16384 bits), for this handle and those that share it, until the first operation on any of
/// them. It replaces a public key; encryption and verification work with it as well. The key is copied;
/// wiping `key` remains with the caller. After a failure there is no key. Returns the length of the longest
/// output, in bytes: that of the modulus. Or -EINVAL (invalid handle, not such a key), -EFAULT, -EBUSY (an
/// operation was begun), -ENOMEM.
int kcapi_akcipher_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len);

/// kcapi_akcipher_setpubkey sets the public key, DER of an RSAPublicKey (RFC 8017, appendix A.1.1). It
/// replaces a private key. Otherwise as kcapi_akcipher_setkey; kernels have no such option: -EOPNOTSUPP.
int kcapi_akcipher_setpubkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len);

/// kcapi_akcipher_encrypt encrypts one message with the public key. With padding a message is at least 11
/// bytes shorter than the modulus. For "rsa" it is a number, big endian, below the modulus. `access` is one
/// of KCAPI_ACCESS_*. Returns the bytes written, as many as the modulus has; or -EINVAL     invalid handle;
/// `in_len` or `out_len` 0, or `out_len` below the output: nothing is written; a
///             message too long; an unfinished stream on the handle;
/// -EFAULT     a buffer NULL;
/// -EMSGSIZE   `out_len` above INT_MAX;
/// -ENOKEY     no key;
/// -ENOMEM     no memory.
ssize_t kcapi_akcipher_encrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, uint8_t *out,
                               size_t out_len, int access);

/// kcapi_akcipher_decrypt decrypts one message with the private key. Whatever is wrong with a ciphertext is
/// -EINVAL; do not let its sender learn whether there was an error, nor how long it took (RFC 8017, section
/// 7.2). With padding, `in_len` is the length of the modulus.
/// Returns the length of the message, or the errors of kcapi_akcipher_encrypt; -EINVAL without private key.
ssize_t kcapi_akcipher_decrypt(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, uint8_t *out,
                               size_t out_len, int access);

/// kcapi_akcipher_sign signs with the private key. With a hash in the algorithm's name, `in` is a digest of
/// it; without, it is what the padding carries, at least 11 bytes shorter than the modulus.
/// Returns the length of the signature, that of the modulus, or the errors of kcapi_akcipher_decrypt.
ssize_t kcapi_akcipher_sign(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, uint8_t *out,
                            size_t out_len, int access);

/// kcapi_akcipher_verify opens the signature `in` with the public key and writes what was signed: a digest if
/// the algorithm's name has a hash. The signature is good for a message only if that is the message's digest:
/// the caller compares. For "rsa" every number below the modulus opens, so success alone says nothing.
/// Returns the bytes written, never 0; or -EBADMSG (not a signature by this key; it has another hash), and
/// the errors of kcapi_akcipher_encrypt.
ssize_t kcapi_akcipher_verify(struct kcapi_handle *handle, const uint8_t *in, size_t in_len, uint8_t *out,
                              size_t out_len, int access);

/// kcapi_akcipher_encrypt_aio encrypts `iov_len` independent messages: `in_iov[i]` to `out_iov[i]`. All are
/// processed, also after one that fails.
/// Returns the sum of the outputs, 0 for none; or the first failure, a number of kcapi_akcipher_encrypt;
/// -EINVAL (an array NULL with a count), -EOVERFLOW (the room is above INT_MAX in sum). A call that is
/// refused for its arguments has processed nothing.
ssize_t kcapi_akcipher_encrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                                   size_t iov_len, int access);

/// kcapi_akcipher_decrypt_aio decrypts messages as kcapi_akcipher_encrypt_aio encrypts them.
ssize_t kcapi_akcipher_decrypt_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                                   size_t iov_len, int access);

/// kcapi_akcipher_sign_aio signs messages as kcapi_akcipher_encrypt_aio encrypts them.
ssize_t kcapi_akcipher_sign_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                                size_t iov_len, int access);

/// kcapi_akcipher_verify_aio opens signatures as kcapi_akcipher_encrypt_aio encrypts messages; -EBADMSG if
/// the first failure is a bad one.
ssize_t kcapi_akcipher_verify_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                                  size_t iov_len, int access);

// One message in pieces: stream_init, any number of update, update_last, and one stream_op that gives all of
// the output. Nothing but stream_op sleeps, and it only until the message has ended.

/// kcapi_akcipher_stream_init_enc begins a message to encrypt and takes its first data, if any (`iov` NULL
/// with `iov_len` 0: none). What was not collected of an earlier message is discarded.
/// Returns the bytes taken, or the errors of kcapi_akcipher_stream_update.
ssize_t kcapi_akcipher_stream_init_enc(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_akcipher_stream_init_dec begins a message to decrypt, otherwise as kcapi_akcipher_stream_init_enc.
ssize_t kcapi_akcipher_stream_init_dec(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_akcipher_stream_init_sgn begins a message to sign, otherwise as kcapi_akcipher_stream_init_enc.
ssize_t kcapi_akcipher_stream_init_sgn(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_akcipher_stream_init_vfy begins a signature to open, otherwise as kcapi_akcipher_stream_init_enc.
ssize_t kcapi_akcipher_stream_init_vfy(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_akcipher_stream_update adds data to the message. It copies: the caller may change its buffers at
/// once. After a collected message it begins the next one with the same operation.
/// Returns the bytes taken; or -EINVAL (invalid handle; `iov` NULL with a count; the message has ended and is
/// not collected), -EFAULT (a buffer NULL with a length), -EMSGSIZE (more than 1024 buffers, or a message of
/// more than 16384 bytes), -ENOKEY, -ENOMEM, -ECANCELED (the handle is being destroyed).
ssize_t kcapi_akcipher_stream_update(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_akcipher_stream_update_last adds data, if any, and ends the message. Results as
/// kcapi_akcipher_stream_update.
ssize_t kcapi_akcipher_stream_update_last(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

/// kcapi_akcipher_stream_op writes all of the output to the buffers of `iov`, in order; it sleeps until the
/// message has ended. If they are too small that is -EINVAL, and the message waits for larger ones. After
/// another failure it is gone.
/// Returns the bytes written; or -EINVAL (invalid handle; `iov` NULL or `iov_len` 0), -EFAULT, -EMSGSIZE
/// (more than 1024 buffers), -EINTR (a signal handler without SA_RESTART interrupted its sleep), -ECANCELED,
/// and the errors of the operation.
ssize_t kcapi_akcipher_stream_op(struct kcapi_handle *handle, struct iovec *iov, size_t iov_len);

// -----------------------------------------------------------------------------------------------------------
// Key agreement
//
// Served inside the process, as public-key encryption is. Names: "dh" (parameters of PKCS #3);
// "ecdh-nist-p192", "ecdh-nist-p256", "ecdh-nist-p384"; and "ecdh" with kcapi_kpp_ecdh_setcurve. Numbers are
// big endian. A public key of a curve is the coordinates x and y, each as long as the field; the shared
// secret is x of the common point, and for "dh" a number as long as the modulus. A shared secret is no key
// yet: derive one from it, with kcapi_hkdf say.
// -----------------------------------------------------------------------------------------------------------

/// kcapi_kpp_init makes a handle for `ciphername`, without parameters and key. `flags` and results as for
/// kcapi_cipher_init; not in FIPS mode: -ENOENT.
int kcapi_kpp_init(struct kcapi_handle **handle, const char *ciphername, uint32_t flags);

/// kcapi_kpp_destroy ends a handle as kcapi_cipher_destroy does.
void kcapi_kpp_destroy(struct kcapi_handle *handle);

/// kcapi_kpp_dh_setparam_pkcs3 sets the group of "dh": DER of the sequence prime, generator, and optionally a
/// length (PKCS #3; 1024 to 8192 bits). That the prime is one is not checked: take groups that are known,
/// such as those of RFC 3526. New parameters take the key away. Returns the length of the longest output, in
/// bytes; or -EINVAL (invalid handle, not such parameters), -EFAULT, -EBUSY (an operation was begun),
/// -ENOPROTOOPT (another algorithm), -ENOMEM.
int kcapi_kpp_dh_setparam_pkcs3(struct kcapi_handle *handle, const uint8_t *pkcs3, uint32_t pkcs3_len);

/// kcapi_kpp_ecdh_setcurve sets the curve of "ecdh": ECC_CURVE_NIST_P192, ECC_CURVE_NIST_P256, or 3 for
/// P-384. New parameters take the key away. Results as kcapi_kpp_dh_setparam_pkcs3.
int kcapi_kpp_ecdh_setcurve(struct kcapi_handle *handle, unsigned long curve_id);

/// kcapi_kpp_setkey sets the private key, for this handle and those that share it, until the first operation
/// on any of them; with `key` NULL and `key_len` 0 one is generated. The parameters come first. After a
/// failure there is no key. Returns the length of the longest output, in bytes; or -EINVAL (invalid handle,
/// no parameters, a number that is no private key of the group), -EFAULT, -EBUSY (an operation was begun),
/// -ENOMEM.
int kcapi_kpp_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len);

/// kcapi_kpp_keygen writes the public key that belongs to the private one. `access` is one of KCAPI_ACCESS_*.
/// Returns its length; or -EINVAL (invalid handle; `pubkey_len` 0 or below the output), -EFAULT, -EMSGSIZE
/// (`pubkey_len` above INT_MAX), -ENOKEY, -ENOMEM.
ssize_t kcapi_kpp_keygen(struct kcapi_handle *handle, uint8_t *pubkey, size_t pubkey_len, int access);

/// kcapi_kpp_ssgen writes the secret shared with the owner of the public key `pubkey`, after a check that
/// this is a point of the curve, or a number of the group's range. Returns the length of the secret; or
/// -EINVAL (also: not a public key of the group), and the errors of kcapi_kpp_keygen.
ssize_t kcapi_kpp_ssgen(struct kcapi_handle *handle, const uint8_t *pubkey, size_t pubkey_len, uint8_t *ss,
                        size_t ss_len, int access);

/// kcapi_kpp_keygen_aio writes the public key to each of `iov_len` buffers.
/// Returns and errors as kcapi_akcipher_encrypt_aio.
ssize_t kcapi_kpp_keygen_aio(struct kcapi_handle *handle, struct iovec *out_iov, size_t iov_len, int access);

/// kcapi_kpp_ssgen_aio writes the secret shared with each of the public keys `in_iov[i]` to `out_iov[i]`.
/// Returns and errors as kcapi_akcipher_encrypt_aio.
ssize_t kcapi_kpp_ssgen_aio(struct kcapi_handle *handle, struct iovec *in_iov, struct iovec *out_iov,
                            size_t iov_len, int access);

#ifdef __cplusplus
}
#endif

#endif
