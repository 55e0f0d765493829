// SPDX-License-Identifier: BSD-3-Clause
//
// The seam: the three objects through which all of libkcapi reaches cryptography. It is cut where AF_ALG is
// cut, so that each engine says the same things in the same order and a caller above never asks which engine
// it has.
//
//   engine     where algorithms come from           (AF_ALG itself; this process)
//   transform  an algorithm with its key            (the bound socket; the kernel's tfm)
//   operation  one stream of messages under a key   (the socket that accept returns)
//
// What every engine keeps to:
// - Names are the kernel's, results are the kernel's, errors are the kernel's errno values; the reference
//   is Linux 6.12. A quirk of AF_ALG that a raw client can see exists here too: libkcapi's callers are kept
//   from quirks in one place above (capi/session), raw AF_ALG clients are meant to meet them.
// - A transform takes its parameters while no operation with a key exists; afterwards they answer EBUSY.
//   It is shared: operations keep their transform alive, and any number of them run at once on one key.
// - An operation owns its header (operation code, IV, associated-data length), its queue and its chaining
//   state.
// - Nothing throws; a failure carries an errno value. Memory is taken at open and on first use, not per call.
//
// Threads: engine and transform may be used from any thread. So may an operation: each call is atomic against
// the others, except that a blocking send or receive sleeps without holding the others off. Whoever sees to
// that himself says so (used_by_one). Fork: the child's
// copy of a local operation is its own; a kernel operation is shared with the parent.
//
// To add an engine: derive from the three classes, and give runtime an instance. Nothing above the seam
// changes.
#pragma once

#include "base/bytes.hpp"

#include <kcapi/result.hpp>

#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace kcapi::alg {

/// The types of AF_ALG. akcipher and kpp exist there only with patches that mainline never took.
enum class kind : std::uint8_t { skcipher, aead, hash, rng, akcipher, kpp };

[[nodiscard]] std::string_view kind_name(kind k) noexcept;
/// By AF_ALG's type string, exact and case-sensitive.
[[nodiscard]] std::optional<kind> kind_from_name(std::string_view name) noexcept;

/// What the known answers said of an implementation: unknown as long as nobody needed it; unavailable: its
/// library or its provider is missing here, or FIPS mode forbids it, so there is nothing to test.
enum class self_test : std::uint8_t { unknown, passed, failed, unavailable };

/// What an algorithm is, in the kernel's terms. A field that does not apply to the kind is 0.
struct properties {
    kind type = kind::skcipher;
    std::string name;        ///< canonical, "cbc(aes)"
    std::string driver_name; ///< who computes it, "cbc-aes-openssl"; empty if the engine cannot tell
    int priority = 0;
    std::uint32_t block_size = 0; ///< a final message is a multiple of it (1: any length)
    std::uint32_t chunk_size = 0; ///< an unfinished message is processed in multiples of it
    std::uint32_t iv_size = 0;
    std::uint32_t min_key_size = 0; ///< with max_key_size 0: takes no key
    std::uint32_t max_key_size = 0;
    std::uint32_t max_tag_size = 0;       ///< aead
    std::uint32_t digest_size = 0;        ///< hash
    std::uint32_t seed_size = 0;          ///< rng
    bool hardware = false;                ///< a device that only the kernel reaches
    self_test state = self_test::unknown; ///< passed for whatever could be opened
};

/// The ALG_SET_OP values; those from sign on belong to akcipher and kpp.
enum class op_code : std::uint32_t { decrypt = 0, encrypt = 1, sign = 2, verify = 3, keygen = 4, ssgen = 5 };

/// The header of a message: AF_ALG's control data. Giving one replaces the operation's header as a whole: the
/// operation code and the associated-data length by what stands here, the IV only if one is given.
struct control {
    op_code op = op_code::decrypt;
    std::optional<base::bytes> iv; ///< exactly iv_size bytes, else EINVAL
    std::uint32_t assoc_len = 0;
};

/// How a send or receive call behaves.
struct call_flags {
    bool more = false;      ///< MSG_MORE: the message goes on
    bool dont_wait = false; ///< MSG_DONTWAIT: EAGAIN (or a short count) instead of sleeping
    bool borrowed = false;  ///< of a send: the bytes stay as they are until received; they need no copy
};

/// How data shall travel, where an engine has more than one way. Only speed differs.
enum class transfer : std::uint8_t { any, copy, splice };

/// The levels that poll would report.
struct readiness {
    bool readable = false;
    bool writable = false;
};

/// One independent message for crypt and submit: a complete input, and room for at least its output.
struct request {
    base::iov_list in;
    base::iov_list out;
    const control *header = nullptr; ///< null: the operation's header and chained IV go on
    transfer how = transfer::any;
    result<std::size_t> outcome = error{1, "request"}; ///< set by submit: bytes produced, or why not
};

/// One stream of messages under a transform's key. Created by transform::accept.
class operation {
  public:
    virtual ~operation() = default;
    operation(const operation &) = delete;
    operation &operator=(const operation &) = delete;

    /// Queues bytes of a message, as sendmsg on an AF_ALG socket: returns how many were taken, which may be
    /// fewer. EAGAIN, EINTR, EINVAL (header; or a finished message is not collected yet), EBUSY (another
    /// thread sleeps inside send), ENOKEY, EMSGSIZE, ENOMEM.
    [[nodiscard]] virtual result<std::size_t> send(base::iov_list in, const control *header,
                                                   call_flags flags) = 0;

    /// Collects output, as recvmsg: as many bytes as there are, in whole chunks while the message is
    /// unfinished. Without dont_wait it sleeps until the buffers are full (so does AF_ALG). EAGAIN, EINTR,
    /// ENOKEY, EINVAL, EBADMSG and what else the algorithm answers.
    [[nodiscard]] virtual result<std::size_t> receive(base::iov_list out, call_flags flags) = 0;

    /// Copies what is still borrowed, so that its owner can have it back. ENOMEM: then those bytes are gone,
    /// and the operation is of no more use.
    [[nodiscard]] virtual result<void> keep_borrowed() { return {}; }

    /// Processes one complete message without sleeping: the result is that of one message of any length,
    /// however an engine has to cut it. The operation must be idle (nothing queued), and is idle again
    /// afterwards, also after a failure. EINVAL if `out` is too small; EMSGSIZE if the engine cannot take the
    /// length as one message.
    [[nodiscard]] virtual result<std::size_t> crypt(const request &message) = 0;

    /// Processes a batch of independent messages; each gets its outcome. Here one by one; an engine that has
    /// something better for a batch does it.
    virtual void submit(std::span<request> messages) {
        for (request &message : messages)
            message.outcome = crypt(message);
    }

    /// A second operation with a copy of the running state (hash); EOPNOTSUPP for the other kinds.
    [[nodiscard]] virtual result<std::unique_ptr<operation>> clone() { return error{EOPNOTSUPP, "accept"}; }

    /// Prepares an idle operation for being kept while no call of the library is under way, when a program
    /// may fork or close descriptors that it does not know. False: there is nothing to be gained by keeping
    /// it.
    [[nodiscard]] virtual bool keep() { return false; }
    /// Of a kept operation: whether it is what it was. If not (a forked child has it in common with its
    /// parent, or its descriptor was closed) it must be destroyed, and closes nothing that is not its own.
    [[nodiscard]] virtual bool is_as_kept() noexcept { return true; }

    /// Says that from now on no two calls of it overlap and none of them sleeps: an operation that would
    /// otherwise keep its callers apart can save that. Before the first of these calls.
    virtual void used_by_one() noexcept {}

    [[nodiscard]] virtual readiness poll() = 0;

    /// SO_SNDBUF and SO_RCVBUF as setsockopt takes them: the effective size is twice the value, in whole
    /// pages.
    [[nodiscard]] virtual result<void> set_buffers(std::optional<int> send_bytes,
                                                   std::optional<int> receive_bytes) = 0;

  protected:
    operation() = default;
};

/// What can be set on a transform besides the tag size.
enum class parameter : std::uint8_t { key, public_key, entropy, dh_parameters, ecdh_curve };

/// An algorithm and its key.
class transform {
  public:
    virtual ~transform() = default;
    transform(const transform &) = delete;
    transform &operator=(const transform &) = delete;

    [[nodiscard]] virtual const properties &info() const noexcept = 0;

    /// Sets a parameter: 0, or for akcipher and kpp the size of the largest output. A key of wrong length is
    /// EINVAL (for skcipher outside min..max the old one stays, else the transform is left without one).
    /// EBUSY while an operation with a key exists; ENOPROTOOPT for what the kind does not have; ENOSYS for a
    /// key on an unkeyed hash. For rng the key is the seed.
    [[nodiscard]] virtual result<std::uint32_t> set(parameter what, base::bytes value) = 0;

    /// aead: the tag size of all operations from now on. EINVAL, EBUSY, ENOPROTOOPT.
    [[nodiscard]] virtual result<void> set_tag_size(std::uint32_t size) = 0;

    /// hash: PBKDF2 (RFC 8018) with this as its PRF and the key as its password, where the engine has a
    /// better way than a message per iteration; else EOPNOTSUPP, and the caller has to take that one.
    [[nodiscard]] virtual result<void> pbkdf2(base::bytes, std::uint32_t, base::mutable_bytes) {
        return error{EOPNOTSUPP, "pbkdf2"};
    }

    /// Opens an operation. Works without a key; using the operation then answers ENOKEY until there is one.
    [[nodiscard]] virtual result<std::unique_ptr<operation>> accept() = 0;

  protected:
    transform() = default;
};

/// Where algorithms come from.
class engine {
  public:
    virtual ~engine() = default;
    engine(const engine &) = delete;
    engine &operator=(const engine &) = delete;

    /// "kernel" or "local". A literal: it may be kept.
    [[nodiscard]] virtual const char *name() const noexcept = 0;

    /// Opens an algorithm by the kernel's name or driver name. ENOENT and the other numbers of bind; for the
    /// kernel engine also those of socket (EAFNOSUPPORT, EPERM, EACCES, EMFILE).
    [[nodiscard]] virtual result<std::shared_ptr<transform>> open(kind type, std::string_view name) = 0;

    /// Calls `visit` for each algorithm the engine can name now, best first within a name; what failed its
    /// self test or is not available is among them and says so.
    virtual void list(const std::function<void(const properties &)> &visit) = 0;

  protected:
    engine() = default;
};

} // namespace kcapi::alg
