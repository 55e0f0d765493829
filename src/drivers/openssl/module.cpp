// SPDX-License-Identifier: BSD-3-Clause
//
// The table of drivers over libcrypto.
#include "drivers/openssl/module.hpp"

#include "drivers/openssl/agreement.hpp"
#include "drivers/openssl/drbg.hpp"
#include "drivers/openssl/family_drivers.hpp"
#include "drivers/openssl/hash_drivers.hpp"
#include "drivers/openssl/modes.hpp"
#include "drivers/openssl/rsa.hpp"
#include "drivers/openssl/x931.hpp"
#include "local/module_index.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <atomic>

namespace kcapi::openssl {

namespace {

/// Keys do not say whether they are for FIPS mode. A process is in it or not, and the engine asks each driver
/// accordingly before its first key; so the suite last asked for and found to serve is the one to use.
std::atomic<const suite *> suite_in_use{nullptr};

const suite &current_suite() noexcept {
    const suite *const s = suite_in_use.load(std::memory_order_acquire);
    return s != nullptr ? *s : ordinary_suite();
}

template <mode Mode>
bool available(const local::driver &, bool fips) noexcept {
    const suite &s = fips ? approved_suite() : ordinary_suite();
    if (!s.serves(Mode))
        return false;
    suite_in_use.store(&s, std::memory_order_release);
    return true;
}

template <skcipher_factory *Make>
int make(const local::driver &, base::bytes key, std::unique_ptr<local::skcipher_key> &out) noexcept {
    return Make(current_suite(), key, out);
}

template <aead_factory *Make>
int make(const local::driver &, base::bytes key, std::unique_ptr<local::aead_key> &out) noexcept {
    return Make(current_suite(), key, out);
}

int make_aes(const local::driver &, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    return make_block(current_suite(), key, out);
}

using local::driver_kind;

constexpr int priority = 300;

constexpr auto cipher_drivers = std::to_array<local::driver>({
    {.type = driver_kind::cipher,
     .name = "aes",
     .driver_name = "aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 16, .chunk_size = 16, .iv_size = 0, .min_key_size = 16, .max_key_size = 32},
     .available = available<mode::ecb>,
     .make_cipher = make_aes},
    {.type = driver_kind::skcipher,
     .name = "ecb(aes)",
     .driver_name = "ecb-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 16, .chunk_size = 16, .iv_size = 0, .min_key_size = 16, .max_key_size = 32},
     .available = available<mode::ecb>,
     .make_skcipher = make<make_ecb>},
    {.type = driver_kind::skcipher,
     .name = "cbc(aes)",
     .driver_name = "cbc-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 16, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32},
     .available = available<mode::cbc>,
     .make_skcipher = make<make_cbc>},
    {.type = driver_kind::skcipher,
     .name = "ctr(aes)",
     .driver_name = "ctr-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32},
     .available = available<mode::ctr>,
     .make_skcipher = make<make_ctr>},
    {.type = driver_kind::skcipher,
     .name = "xts(aes)",
     .driver_name = "xts-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 16, .chunk_size = 16, .iv_size = 16, .min_key_size = 32, .max_key_size = 64},
     .available = available<mode::xts>,
     .make_skcipher = make<make_xts>},
    {.type = driver_kind::skcipher,
     .name = "cts(cbc(aes))",
     .driver_name = "cts-cbc-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 16, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32},
     .available = available<mode::cts>,
     .make_skcipher = make<make_cts>},
});

constexpr auto aead_drivers = std::to_array<local::driver>({
    {.type = driver_kind::aead,
     .name = "gcm(aes)",
     .driver_name = "gcm-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = 12,
               .min_key_size = 16,
               .max_key_size = 32,
               .tag_sizes = local::tag_sizes({4, 8, 12, 13, 14, 15, 16})},
     .available = available<mode::gcm>,
     .make_aead = make<make_gcm>},
    {.type = driver_kind::aead,
     .name = "ccm(aes)",
     .driver_name = "ccm-aes-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = 16,
               .min_key_size = 16,
               .max_key_size = 32,
               .tag_sizes = local::tag_sizes({4, 6, 8, 10, 12, 14, 16})},
     .available = available<mode::ccm>,
     .make_aead = make<make_ccm>},
    {.type = driver_kind::aead,
     .name = "rfc7539(chacha20,poly1305)",
     .driver_name = "rfc7539-chacha20-poly1305-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = 12,
               .min_key_size = 32,
               .max_key_size = 32,
               .tag_sizes = local::tag_sizes({16})},
     .available = available<mode::chacha20_poly1305>,
     .make_aead = make<make_chacha20_poly1305>},
    {.type = driver_kind::aead,
     .name = "rfc7539esp(chacha20,poly1305)",
     .driver_name = "rfc7539esp-chacha20-poly1305-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = 8,
               .min_key_size = 36,
               .max_key_size = 36,
               .tag_sizes = local::tag_sizes({16})},
     .available = available<mode::chacha20_poly1305>,
     .make_aead = make<make_rfc7539esp>},
});

/// One table of those of several files.
template <std::size_t... Sizes>
constexpr auto joined(const std::array<local::driver, Sizes> &...tables) noexcept {
    std::array<local::driver, (Sizes + ...)> all{};
    auto end = all.begin();
    ((end = std::copy(tables.begin(), tables.end(), end)), ...);
    return all;
}

constexpr auto all_drivers = joined(cipher_drivers, family_drivers, aead_drivers, hash_drivers, drbg_drivers,
                                    x931_drivers, rsa_drivers, agreement_drivers);

[[gnu::used, gnu::section(".note.kcapi"), gnu::aligned(4)]] constexpr auto index =
    local::index_of<all_drivers>();

} // namespace

} // namespace kcapi::openssl

extern "C" const kcapi::local::module *kcapi_driver_module_openssl() noexcept {
    // A program may encrypt while it exits, in a destructor or in a thread that still runs, as it may through
    // the kernel. libcrypto must not clear itself away before; only the first to initialise it can say so.
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr) != 1)
        return nullptr;
    static const kcapi::local::module self{.stamp = kcapi::local::module_stamp,
                                           .name = "openssl",
                                           .version = OpenSSL_version(OPENSSL_VERSION_STRING),
                                           .drivers = kcapi::openssl::all_drivers};
    return &self;
}
