// SPDX-License-Identifier: BSD-3-Clause
//
// What a driver is: a record of names, priority and limits, and a factory for keyed objects. A driver
// computes; it knows nothing of queues, headers or sockets.
//
//   driver   immutable record, one per algorithm and implementation
//   key      an expanded key: immutable, shared by any number of threads; it outlives its contexts
//   context  what one operation needs to work under a key: one thread at a time
//
// A generator (rng) and a key agreement (kpp) are what their transform has been told, so they are one object,
// which the transform lends to one thread at a time.
//
// Driver modules are shared objects that carry their own C++ runtime, so nothing here may throw, and failures
// are plain errno values. A module exports one function, module_entry, whose stamp must equal the library's.
#pragma once

#include "alg/engine.hpp"
#include "base/bytes.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

namespace kcapi::local {

enum class direction : std::uint8_t { decrypt, encrypt };

inline constexpr std::size_t max_iv_size = 32;
inline constexpr std::size_t max_block_size = 16;
/// Arguments of a template.
inline constexpr std::size_t max_parts = 2;

/// What an operation carries from one pass to the next: the IV, and for modes that move it only on demand (it
/// may cost as much as the pass) the blocks passed since `iv` was exact.
struct chain {
    std::array<std::uint8_t, max_iv_size> iv{};
    std::uint64_t blocks = 0;

    void set(base::bytes value) noexcept {
        std::copy(value.begin(), value.end(), iv.begin());
        blocks = 0;
    }
};

/// A bare block cipher at work: whole blocks, each on its own. `in` may equal `out`.
class cipher_context {
  public:
    virtual ~cipher_context() = default;
    [[nodiscard]] virtual int crypt(direction d, const std::uint8_t *in, std::uint8_t *out,
                                    std::size_t length) noexcept = 0;
};

class cipher_key {
  public:
    virtual ~cipher_key() = default;
    /// Null if there is no memory.
    [[nodiscard]] virtual std::unique_ptr<cipher_context> open() const noexcept = 0;
};

/// One message of a batch.
struct skcipher_message {
    chain *c = nullptr;
    const std::uint8_t *in = nullptr;
    std::uint8_t *out = nullptr;
    std::size_t length = 0;
    int code = 0; ///< what crypt would have answered
};

/// A mode at work. One call is one pass: it takes any length the mode allows (else EINVAL), starts from `c`
/// and leaves in `c` what the kernel carries into a pass that brings no IV. `in` may equal `out`, else no
/// overlap.
class skcipher_context {
  public:
    virtual ~skcipher_context() = default;
    [[nodiscard]] virtual int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
                                    std::size_t length) noexcept = 0;
    /// Messages that do not depend on each other, each with a chain of its own.
    virtual void crypt_batch(direction d, std::span<skcipher_message> messages) noexcept {
        for (skcipher_message &m : messages)
            m.code = crypt(d, *m.c, m.in, m.out, m.length);
    }
    /// Makes of `c`, from which a pass over `in` would start, what a pass over the rest of it from `offset`
    /// on, whole blocks later, starts from: so that several threads work on one message. EOPNOTSUPP where
    /// that takes the work before it.
    [[nodiscard]] virtual int move_to(direction, chain &, const std::uint8_t *, std::size_t) noexcept {
        return EOPNOTSUPP;
    }
};

class skcipher_key {
  public:
    virtual ~skcipher_key() = default;
    [[nodiscard]] virtual std::unique_ptr<skcipher_context> open() const noexcept = 0;
};

/// One message of an aead. `in` may equal `out`, else no overlap.
struct aead_message {
    const std::uint8_t *iv = nullptr;
    /// The associated data where the output has them. They are authenticated, not encrypted; an algorithm
    /// that replaces a part of them (essiv) does it there.
    base::mutable_bytes assoc;
    const std::uint8_t *in = nullptr;
    std::uint8_t *out = nullptr;
    std::size_t length = 0; ///< of plaintext and ciphertext alike
};

/// An aead at work; each message is one call. The tag has one of the sizes that the driver's limits allow.
class aead_context {
  public:
    virtual ~aead_context() = default;
    /// EINVAL, EOVERFLOW: a length or an IV that the algorithm does not take.
    [[nodiscard]] virtual int encrypt(const aead_message &m, base::mutable_bytes tag) noexcept = 0;
    /// EBADMSG, and the numbers of encrypt. After a failure `out` holds nothing of the plaintext.
    [[nodiscard]] virtual int decrypt(const aead_message &m, base::bytes tag) noexcept = 0;
};

class aead_key {
  public:
    virtual ~aead_key() = default;
    [[nodiscard]] virtual std::unique_ptr<aead_context> open() const noexcept = 0;
};

/// One message of a batch, and room for its digest.
struct hash_message {
    base::bytes in;
    std::uint8_t *digest = nullptr;
    int code = 0;
};

/// A hash at work: one message after another. New, it stands at the start of a message.
class hash_context {
  public:
    virtual ~hash_context() = default;
    [[nodiscard]] virtual int update(base::bytes data) noexcept = 0;
    /// Writes digest_size bytes; the next update begins a message, also after a failure.
    [[nodiscard]] virtual int finish(std::uint8_t *digest) noexcept = 0;
    /// Forgets the message begun.
    [[nodiscard]] virtual int restart() noexcept = 0;
    /// A second context at the same place of the same message; null if there is no memory.
    [[nodiscard]] virtual std::unique_ptr<hash_context> clone() const noexcept = 0;
    /// Whole messages that do not depend on each other, while none is begun.
    virtual void digest_batch(std::span<hash_message> messages) noexcept {
        for (hash_message &m : messages) {
            m.code = update(m.in);
            if (m.code == 0)
                m.code = finish(m.digest);
            else
                (void)restart();
        }
    }
};

class hash_key {
  public:
    virtual ~hash_key() = default;
    [[nodiscard]] virtual std::unique_ptr<hash_context> open() const noexcept = 0;
    /// PBKDF2 (RFC 8018) with this as its PRF and the key as its password, where that takes less than a
    /// message per iteration would; else EOPNOTSUPP.
    [[nodiscard]] virtual int pbkdf2(base::bytes, std::uint32_t, base::mutable_bytes) const noexcept {
        return EOPNOTSUPP;
    }
};

/// A hash of many whole messages at once, and of nothing else; any thread may use it at any time.
class hash_batch_key {
  public:
    virtual ~hash_batch_key() = default;
    /// As many as there are, of lengths in the driver's domain.
    virtual void digest(std::span<hash_message> messages) const noexcept = 0;
};

/// A generator of random numbers.
class rng_state {
  public:
    virtual ~rng_state() = default;
    /// EINVAL for a seed that the generator does not take.
    [[nodiscard]] virtual int seed(base::bytes seed) noexcept = 0;
    /// Fills `out`. `additional` goes into this call alone. EINVAL before a seed, where one is needed.
    [[nodiscard]] virtual int generate(base::bytes additional, base::mutable_bytes out) noexcept = 0;
    /// Takes `entropy` in the place of the system's, for known answers. ENOPROTOOPT where there is none.
    [[nodiscard]] virtual int set_entropy(base::bytes) noexcept { return ENOPROTOOPT; }
};

/// A key of public-key cryptography; any thread may use it at any time.
class akcipher_key {
  public:
    virtual ~akcipher_key() = default;
    /// The longest output of any operation, in bytes.
    [[nodiscard]] virtual std::uint32_t output_size() const noexcept = 0;
    /// One operation (encrypt, decrypt, sign, verify); `produced` bytes of `out`. EINVAL: a length, a number
    /// outside the modulus, or an operation that needs the private key; EBADMSG: not a signature.
    [[nodiscard]] virtual int crypt(alg::op_code op, base::bytes in, base::mutable_bytes out,
                                    std::size_t &produced) const noexcept = 0;
};

/// A key agreement.
class kpp_state {
  public:
    virtual ~kpp_state() = default;
    /// parameter::dh_parameters (DER of PKCS #3) or parameter::ecdh_curve (its number as decimal digits).
    /// EINVAL; ENOPROTOOPT for those of another algorithm.
    [[nodiscard]] virtual int set_parameters(alg::parameter what, base::bytes value) noexcept = 0;
    /// A private key; empty: one is generated. EINVAL.
    [[nodiscard]] virtual int set_key(base::bytes key) noexcept = 0;
    /// Of the parameters set, in bytes; 0 without any.
    [[nodiscard]] virtual std::uint32_t output_size() const noexcept = 0;
    /// The public key. EINVAL: no key, no parameters, or `out` is too small.
    [[nodiscard]] virtual int public_key(base::mutable_bytes out, std::size_t &produced) noexcept = 0;
    /// The secret shared with the owner of `peer`. EINVAL also for a peer that is no valid public key.
    [[nodiscard]] virtual int shared_secret(base::bytes peer, base::mutable_bytes out,
                                            std::size_t &produced) noexcept = 0;
};

/// Not to be bound by anybody: `cipher`, a bare block cipher, which is a part for templates; and
/// `hash_batch`, which is joined with the hash of its name.
enum class driver_kind : std::uint8_t { cipher, skcipher, aead, hash, hash_batch, rng, akcipher, kpp };

/// Whether an algorithm works without a key. Optional: it does, and a key makes another algorithm of it.
enum class key_use : std::uint8_t { none, optional, required };

/// Sizes in bytes; what does not apply to the kind is 0. Key sizes a driver takes are those in min..max that
/// its factory accepts.
struct limits {
    std::uint32_t block_size = 0;
    std::uint32_t chunk_size = 0;
    std::uint32_t iv_size = 0;
    std::uint32_t min_key_size = 0;
    std::uint32_t max_key_size = 0;
    std::uint32_t digest_size = 0; ///< hash; at most max_digest_size
    std::uint32_t seed_size = 0;   ///< rng
    std::uint64_t tag_sizes = 0;   ///< aead: bit n - 1 is set if a tag may have n bytes
    key_use key = key_use::required;
    /// skcipher: looks at the length of a pass before anything else. Other block modes refuse an odd length
    /// when they get to the odd end, and have moved their chain by then.
    bool checks_length_first = false;

    [[nodiscard]] constexpr bool takes_tag_size(std::uint32_t size) const noexcept {
        return size != 0 && size <= 64 && (tag_sizes >> (size - 1) & 1) != 0;
    }
    [[nodiscard]] constexpr std::uint32_t max_tag_size() const noexcept {
        return static_cast<std::uint32_t>(std::bit_width(tag_sizes));
    }
};

inline constexpr std::size_t max_digest_size = 64;

/// The value of limits::tag_sizes for a list of sizes.
[[nodiscard]] constexpr std::uint64_t tag_sizes(std::initializer_list<std::uint32_t> sizes) noexcept {
    std::uint64_t bits = 0;
    for (const std::uint32_t n : sizes)
        bits |= std::uint64_t{1} << (n - 1);
    return bits;
}

/// The work for which a driver of skciphers or hash batches is the best there is. What is not named here goes
/// to the next driver of the name: the chain between passes is the same for all, so they can take turns.
struct domain {
    std::size_t min_length = 0;        ///< of one message, in bytes
    std::size_t max_length = SIZE_MAX; ///< hash_batch: of each message
    bool encrypts = true;              ///< also in encryption
    std::size_t min_batch = 0;         ///< so many messages at once; 0: batches make no difference
    std::size_t min_batch_bytes = 0;   ///< and so many bytes in them together

    [[nodiscard]] constexpr bool is_whole() const noexcept { return min_length == 0 && encrypts; }
    [[nodiscard]] constexpr bool has(direction d, std::size_t length) const noexcept {
        return length >= min_length && (encrypts || d == direction::decrypt);
    }
    [[nodiscard]] constexpr bool has_batch_of(std::size_t count, std::size_t bytes) const noexcept {
        return min_batch != 0 && count >= min_batch && bytes >= min_batch_bytes;
    }
};

struct driver {
    driver_kind type = driver_kind::cipher;
    const char *name = "";        ///< the algorithm, "cbc(aes)"
    const char *driver_name = ""; ///< this implementation of it, "cbc-aes-openssl"
    const char *provider = "";    ///< the library behind it, "openssl"
    int priority = 0;             ///< higher serves first; the table in docs/drivers.md has the measurements
    limits sizes;
    domain best{};

    /// Whether this machine can run it now; null: always. In FIPS mode only approved implementations may say
    /// yes.
    bool (*available)(const driver &self, bool fips) noexcept = nullptr;

    /// Factories by kind; exactly one is set. 0 and a key, or an errno value: EINVAL for a key the algorithm
    /// refuses.
    int (*make_cipher)(const driver &self, base::bytes key,
                       std::unique_ptr<cipher_key> &out) noexcept = nullptr;
    int (*make_skcipher)(const driver &self, base::bytes key,
                         std::unique_ptr<skcipher_key> &out) noexcept = nullptr;
    int (*make_aead)(const driver &self, base::bytes key, std::unique_ptr<aead_key> &out) noexcept = nullptr;
    /// The key is empty for a hash that is used without one.
    int (*make_hash)(const driver &self, base::bytes key, std::unique_ptr<hash_key> &out) noexcept = nullptr;
    int (*make_hash_batch)(const driver &self, base::bytes key,
                           std::unique_ptr<hash_batch_key> &out) noexcept = nullptr;
    int (*make_rng)(const driver &self, std::unique_ptr<rng_state> &out) noexcept = nullptr;
    /// `key` is DER: RSAPrivateKey, or with `is_private` false RSAPublicKey (RFC 8017, appendix A.1).
    int (*make_akcipher)(const driver &self, base::bytes key, bool is_private,
                         std::unique_ptr<akcipher_key> &out) noexcept = nullptr;
    int (*make_kpp)(const driver &self, std::unique_ptr<kpp_state> &out) noexcept = nullptr;

    /// A template instance: the drivers it is built on, in the order of the name; null beyond them.
    std::array<const driver *, max_parts> parts{};
    /// A module's own data.
    const void *data = nullptr;

    [[nodiscard]] const driver &part(std::size_t i) const noexcept { return *parts[i]; }
};

/// What a driver module hands over. The drivers live as long as the process.
struct module {
    const char *stamp = "";   ///< module_stamp of the build
    const char *name = "";    ///< "openssl"
    const char *version = ""; ///< of the library behind it, for people
    std::span<const driver> drivers;
};

/// Changes with every incompatible change of this header; a module with another one is not used.
inline constexpr const char module_stamp[] = "kcapi-driver-7/" KCAPI_BUILD_VERSION;

/// Name and type of a module's one exported function. Null: the library behind it cannot be used.
inline constexpr const char module_entry_name[] = "kcapi_driver_module";
using module_entry = const module *(*)() noexcept;

} // namespace kcapi::local
