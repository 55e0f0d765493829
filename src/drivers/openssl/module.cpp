// SPDX-License-Identifier: BSD-3-Clause
//
// The table of drivers over libcrypto.
#include "drivers/openssl/module.hpp"

#include "drivers/openssl/chacha.hpp"
#include "drivers/openssl/family.hpp"
#include "drivers/openssl/modes.hpp"

#include <openssl/crypto.h>

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

int make_aes(const local::driver &, base::bytes key, std::unique_ptr<local::cipher_key> &out) noexcept {
    return make_block(current_suite(), key, out);
}

using local::driver_kind;

constexpr int priority = 300;

struct shape {
    std::uint32_t block;
    std::uint32_t shortest_key;
    std::uint32_t longest_key;
};

/// A bare cipher of a family.
constexpr local::driver bare(const char *name, const char *driver_name, const family &f, shape s) noexcept {
    return {.type = driver_kind::cipher,
            .name = name,
            .driver_name = driver_name,
            .provider = "openssl",
            .priority = priority,
            .sizes = {.block_size = s.block,
                      .chunk_size = s.block,
                      .min_key_size = s.shortest_key,
                      .max_key_size = s.longest_key},
            .available = family_available<family_mode::ecb>,
            .make_cipher = make_family_cipher,
            .data = &f};
}

/// A mode of a family.
template <family_mode Mode>
constexpr local::driver in_mode(const char *name, const char *driver_name, const family &f,
                                shape s) noexcept {
    local::driver d = bare(name, driver_name, f, s);
    d.type = driver_kind::skcipher;
    d.make_cipher = nullptr;
    d.available = family_available<Mode>;
    d.make_skcipher = Mode == family_mode::ecb   ? make_family_ecb
                      : Mode == family_mode::cbc ? make_family_cbc
                                                 : make_family_ctr;
    d.sizes.iv_size = Mode == family_mode::ecb ? 0 : s.block;
    d.sizes.block_size = Mode == family_mode::ctr ? 1 : s.block;
    return d;
}

constexpr auto in_ecb = in_mode<family_mode::ecb>;
constexpr auto in_cbc = in_mode<family_mode::cbc>;
constexpr auto in_ctr = in_mode<family_mode::ctr>;

constexpr shape des_shape{8, 8, 8};
constexpr shape des3_ede_shape{8, 24, 24};
constexpr shape like_aes{16, 16, 32};
constexpr shape only_128_bits{16, 16, 16};
constexpr shape blowfish_shape{8, 4, 56};
constexpr shape cast5_shape{8, 5, 16};

constexpr local::driver drivers[] = {
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
    bare("des", "des-openssl", des, des_shape),
    in_ecb("ecb(des)", "ecb-des-openssl", des, des_shape),
    in_cbc("cbc(des)", "cbc-des-openssl", des, des_shape),
    bare("des3_ede", "des3_ede-openssl", des3_ede, des3_ede_shape),
    in_ecb("ecb(des3_ede)", "ecb-des3_ede-openssl", des3_ede, des3_ede_shape),
    in_cbc("cbc(des3_ede)", "cbc-des3_ede-openssl", des3_ede, des3_ede_shape),
    bare("camellia", "camellia-openssl", camellia, like_aes),
    in_ecb("ecb(camellia)", "ecb-camellia-openssl", camellia, like_aes),
    in_cbc("cbc(camellia)", "cbc-camellia-openssl", camellia, like_aes),
    in_ctr("ctr(camellia)", "ctr-camellia-openssl", camellia, like_aes),
    bare("aria", "aria-openssl", aria, like_aes),
    in_ecb("ecb(aria)", "ecb-aria-openssl", aria, like_aes),
    in_cbc("cbc(aria)", "cbc-aria-openssl", aria, like_aes),
    in_ctr("ctr(aria)", "ctr-aria-openssl", aria, like_aes),
    bare("sm4", "sm4-openssl", sm4, only_128_bits),
    in_ecb("ecb(sm4)", "ecb-sm4-openssl", sm4, only_128_bits),
    in_cbc("cbc(sm4)", "cbc-sm4-openssl", sm4, only_128_bits),
    in_ctr("ctr(sm4)", "ctr-sm4-openssl", sm4, only_128_bits),
    bare("blowfish", "blowfish-openssl", blowfish, blowfish_shape),
    in_ecb("ecb(blowfish)", "ecb-blowfish-openssl", blowfish, blowfish_shape),
    in_cbc("cbc(blowfish)", "cbc-blowfish-openssl", blowfish, blowfish_shape),
    bare("cast5", "cast5-openssl", cast5, cast5_shape),
    in_ecb("ecb(cast5)", "ecb-cast5-openssl", cast5, cast5_shape),
    in_cbc("cbc(cast5)", "cbc-cast5-openssl", cast5, cast5_shape),
    bare("seed", "seed-openssl", seed, only_128_bits),
    in_ecb("ecb(seed)", "ecb-seed-openssl", seed, only_128_bits),
    in_cbc("cbc(seed)", "cbc-seed-openssl", seed, only_128_bits),
    {.type = driver_kind::skcipher,
     .name = "chacha20",
     .driver_name = "chacha20-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1, .chunk_size = 64, .iv_size = 16, .min_key_size = 32, .max_key_size = 32},
     .available = chacha_available,
     .make_skcipher = make_chacha20},
    {.type = driver_kind::skcipher,
     .name = "xchacha20",
     .driver_name = "xchacha20-openssl",
     .provider = "openssl",
     .priority = priority,
     .sizes = {.block_size = 1, .chunk_size = 64, .iv_size = 32, .min_key_size = 32, .max_key_size = 32},
     .available = chacha_available,
     .make_skcipher = make_xchacha20},
};

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
                                           .drivers = kcapi::openssl::drivers};
    return &self;
}
