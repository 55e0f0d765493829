// SPDX-License-Identifier: BSD-3-Clause
//
// What a driver is: a record of names, priority and limits, and a factory for keyed objects. A driver
// computes; it knows nothing of queues, headers or sockets.
//
//   driver   immutable record, one per algorithm and implementation
//   key      an expanded key: immutable, shared by any number of threads
//   context  what one operation needs to work under a key: one thread at a time
//
// Driver modules are shared objects that carry their own C++ runtime, so nothing here may throw, and failures
// are plain errno values. A module exports one function, module_entry, whose stamp must equal the library's.
#pragma once

#include "alg/engine.hpp"
#include "base/bytes.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>

namespace kcapi::local {

enum class direction : std::uint8_t { decrypt, encrypt };

inline constexpr std::size_t max_iv_size = 32;
inline constexpr std::size_t max_block_size = 16;

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

/// A mode at work. One call is one pass: it takes any length the mode allows (else EINVAL), starts from `c`
/// and leaves in `c` what the kernel carries into a pass that brings no IV. `in` may equal `out`, else no
/// overlap.
class skcipher_context {
  public:
    virtual ~skcipher_context() = default;
    [[nodiscard]] virtual int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
                                    std::size_t length) noexcept = 0;
};

class skcipher_key {
  public:
    virtual ~skcipher_key() = default;
    [[nodiscard]] virtual std::unique_ptr<skcipher_context> open() const noexcept = 0;
};

/// `cipher` is a bare block cipher: a part for templates, not to be bound by anybody.
enum class driver_kind : std::uint8_t { cipher, skcipher, aead, hash, rng, akcipher, kpp };

/// Key sizes a driver takes are those in min..max that its factory accepts.
struct limits {
    std::uint32_t block_size = 0;
    std::uint32_t chunk_size = 0;
    std::uint32_t iv_size = 0;
    std::uint32_t min_key_size = 0;
    std::uint32_t max_key_size = 0;
};

struct driver {
    driver_kind type = driver_kind::cipher;
    const char *name = "";        ///< the algorithm, "cbc(aes)"
    const char *driver_name = ""; ///< this implementation of it, "cbc-aes-openssl"
    const char *provider = "";    ///< the library behind it, "openssl"
    int priority = 0;             ///< higher serves first; the table in docs/drivers.md has the measurements
    limits sizes;

    /// Whether this machine can run it now; null: always. In FIPS mode only approved implementations may say
    /// yes.
    bool (*available)(const driver &self, bool fips) noexcept = nullptr;

    /// Factories by kind; exactly one is set. 0 and a key, or an errno value: EINVAL for a key the algorithm
    /// refuses.
    int (*make_cipher)(const driver &self, base::bytes key,
                       std::unique_ptr<cipher_key> &out) noexcept = nullptr;
    int (*make_skcipher)(const driver &self, base::bytes key,
                         std::unique_ptr<skcipher_key> &out) noexcept = nullptr;

    /// A template instance: the driver it is built on.
    const driver *inner = nullptr;
    /// A module's own data.
    const void *data = nullptr;
};

/// What a driver module hands over. The drivers live as long as the process.
struct module {
    const char *stamp = "";   ///< module_stamp of the build
    const char *name = "";    ///< "openssl"
    const char *version = ""; ///< of the library behind it, for people
    std::span<const driver> drivers;
};

/// Changes with every incompatible change of this header; a module with another one is not used.
inline constexpr const char module_stamp[] = "kcapi-driver-1/" KCAPI_BUILD_VERSION;

/// Name and type of a module's one exported function. Null: the library behind it cannot be used.
inline constexpr const char module_entry_name[] = "kcapi_driver_module";
using module_entry = const module *(*)() noexcept;

} // namespace kcapi::local
