// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/gcrypt/module.hpp"

#include "drivers/gcrypt/block.hpp"
#include "drivers/gcrypt/digest.hpp"
#include "drivers/gcrypt/handles.hpp"
#include "drivers/gcrypt/modes.hpp"
#include "local/module_index.hpp"

#include <array>
#include <cstdlib>

namespace kcapi::gcrypt {

namespace {

using local::driver_kind;
using local::key_use;

/// Below libcrypto's, above what templates and our own code make.
constexpr int priority = 200;
/// Above libcrypto's.
constexpr int fast_priority = 400;

/// One number whatever the length of the key.
template <int Number>
int always(std::size_t) noexcept {
    return Number;
}
int camellia_number(std::size_t key_size) noexcept {
    return key_size == 16   ? GCRY_CIPHER_CAMELLIA128
           : key_size == 24 ? GCRY_CIPHER_CAMELLIA192
           : key_size == 32 ? GCRY_CIPHER_CAMELLIA256
                            : 0;
}

/// libgcrypt fills a short key itself, but knows words only, no bytes.
constexpr block_cipher serpent{.number = always<GCRY_CIPHER_SERPENT256>, .filled_key_size = 32};
constexpr block_cipher camellia{.number = camellia_number};
constexpr block_cipher seed{.number = always<GCRY_CIPHER_SEED>};
constexpr block_cipher sm4{.number = always<GCRY_CIPHER_SM4>};
constexpr block_cipher blowfish{.number = always<GCRY_CIPHER_BLOWFISH>, .block_size = 8};

/// No more than this: secure memory, which nothing here asks for, and the end of the initialisation are the
/// program's to choose, should it use libgcrypt too. libgcrypt ends the process if memory runs out while it
/// begins, so that waits for the first use, and for some memory to be there (the trial leaves ENOMEM in
/// errno).
bool is_ready() noexcept {
    constexpr std::size_t enough = 65536;
    // Volatile, or the compiler leaves the trial out.
    void *volatile const trial = std::malloc(enough);
    std::free(trial);
    if (trial == nullptr)
        return false;
    static const bool ready = gcry_check_version("1.10.0") != nullptr;
    return ready;
}

/// What libgcrypt has here is not validated; in a FIPS mode of its own it may have less.
bool cipher_available(const local::driver &self, bool fips) noexcept {
    const block_cipher &cipher = *static_cast<const block_cipher *>(self.data);
    return !fips && is_ready() && gcry_cipher_test_algo(cipher.number(self.sizes.max_key_size)) == 0;
}
/// With its first key libgcrypt tests its AES, and never uses it again if memory runs out in that: so that is
/// done here too, while there is some.
bool mode_available(const local::driver &, bool fips) noexcept {
    constexpr std::array<std::uint8_t, 32> any{};
    cipher_handle trial;
    return !fips && is_ready() && open_cipher(GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_ECB, any, trial) == 0;
}
bool digest_available(const local::driver &self, bool fips) noexcept {
    return !fips && is_ready() && gcry_md_test_algo(*static_cast<const int *>(self.data)) == 0;
}

constexpr local::driver cipher_driver(const char *name, const char *driver_name, const block_cipher &cipher,
                                      std::uint32_t min_key, std::uint32_t max_key) noexcept {
    return {.type = driver_kind::cipher,
            .name = name,
            .driver_name = driver_name,
            .provider = "gcrypt",
            .priority = priority,
            .sizes = {.block_size = static_cast<std::uint32_t>(cipher.block_size),
                      .min_key_size = min_key,
                      .max_key_size = max_key},
            .available = cipher_available,
            .make_cipher = make_block,
            .data = &cipher};
}

constexpr local::driver mode_driver(const char *name, const char *driver_name, skcipher_factory *make,
                                    local::limits sizes) noexcept {
    return {.type = driver_kind::skcipher,
            .name = name,
            .driver_name = driver_name,
            .provider = "gcrypt",
            .priority = fast_priority,
            .sizes = sizes,
            .available = mode_available,
            .make_skcipher = make};
}

template <int Number>
constexpr int number = Number;

constexpr local::driver hash_driver(const char *name, const char *driver_name, const int &which,
                                    local::limits sizes) noexcept {
    return {.type = driver_kind::hash,
            .name = name,
            .driver_name = driver_name,
            .provider = "gcrypt",
            .priority = priority,
            .sizes = sizes,
            .available = digest_available,
            .make_hash = make_digest,
            .data = &which};
}

template <int Number>
constexpr local::driver digest_driver(const char *name, const char *driver_name, std::uint32_t block,
                                      std::uint32_t size) noexcept {
    return hash_driver(name, driver_name, number<Number>,
                       {.block_size = block, .digest_size = size, .key = key_use::none});
}

template <int Number>
constexpr local::driver blake2_driver(const char *name, const char *driver_name, std::uint32_t block,
                                      std::uint32_t size) noexcept {
    return hash_driver(name, driver_name, number<Number>,
                       {.block_size = block,
                        .min_key_size = 1,
                        .max_key_size = block / 2,
                        .digest_size = size,
                        .key = key_use::optional});
}

constexpr auto drivers = std::to_array<local::driver>({
    mode_driver("cbc(aes)", "cbc-aes-gcrypt", make_cbc,
                {.block_size = 16, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32}),
    mode_driver("ctr(aes)", "ctr-aes-gcrypt", make_ctr,
                {.block_size = 1, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32}),
    mode_driver("xts(aes)", "xts-aes-gcrypt", make_xts,
                {.block_size = 16, .chunk_size = 16, .iv_size = 16, .min_key_size = 32, .max_key_size = 64}),
    cipher_driver("serpent", "serpent-gcrypt", serpent, 0, 32),
    cipher_driver("camellia", "camellia-gcrypt", camellia, 16, 32),
    cipher_driver("seed", "seed-gcrypt", seed, 16, 16),
    cipher_driver("sm4", "sm4-gcrypt", sm4, 16, 16),
    cipher_driver("blowfish", "blowfish-gcrypt", blowfish, 4, 56),
    digest_driver<GCRY_MD_WHIRLPOOL>("wp512", "wp512-gcrypt", 64, 64),
    digest_driver<GCRY_MD_WHIRLPOOL>("wp384", "wp384-gcrypt", 64, 48),
    digest_driver<GCRY_MD_WHIRLPOOL>("wp256", "wp256-gcrypt", 64, 32),
    digest_driver<GCRY_MD_STRIBOG256>("streebog256", "streebog256-gcrypt", 64, 32),
    digest_driver<GCRY_MD_STRIBOG512>("streebog512", "streebog512-gcrypt", 64, 64),
    digest_driver<GCRY_MD_MD4>("md4", "md4-gcrypt", 64, 16),
    digest_driver<GCRY_MD_MD5>("md5", "md5-gcrypt", 64, 16),
    digest_driver<GCRY_MD_RMD160>("rmd160", "rmd160-gcrypt", 64, 20),
    digest_driver<GCRY_MD_SHA1>("sha1", "sha1-gcrypt", 64, 20),
    digest_driver<GCRY_MD_SHA224>("sha224", "sha224-gcrypt", 64, 28),
    digest_driver<GCRY_MD_SHA256>("sha256", "sha256-gcrypt", 64, 32),
    digest_driver<GCRY_MD_SHA384>("sha384", "sha384-gcrypt", 128, 48),
    digest_driver<GCRY_MD_SHA512>("sha512", "sha512-gcrypt", 128, 64),
    digest_driver<GCRY_MD_SHA3_224>("sha3-224", "sha3-224-gcrypt", 144, 28),
    digest_driver<GCRY_MD_SHA3_256>("sha3-256", "sha3-256-gcrypt", 136, 32),
    digest_driver<GCRY_MD_SHA3_384>("sha3-384", "sha3-384-gcrypt", 104, 48),
    digest_driver<GCRY_MD_SHA3_512>("sha3-512", "sha3-512-gcrypt", 72, 64),
    digest_driver<GCRY_MD_SM3>("sm3", "sm3-gcrypt", 64, 32),
    blake2_driver<GCRY_MD_BLAKE2B_160>("blake2b-160", "blake2b-160-gcrypt", 128, 20),
    blake2_driver<GCRY_MD_BLAKE2B_256>("blake2b-256", "blake2b-256-gcrypt", 128, 32),
    blake2_driver<GCRY_MD_BLAKE2B_384>("blake2b-384", "blake2b-384-gcrypt", 128, 48),
    blake2_driver<GCRY_MD_BLAKE2B_512>("blake2b-512", "blake2b-512-gcrypt", 128, 64),
    blake2_driver<GCRY_MD_BLAKE2S_128>("blake2s-128", "blake2s-128-gcrypt", 64, 16),
    blake2_driver<GCRY_MD_BLAKE2S_160>("blake2s-160", "blake2s-160-gcrypt", 64, 20),
    blake2_driver<GCRY_MD_BLAKE2S_224>("blake2s-224", "blake2s-224-gcrypt", 64, 28),
    blake2_driver<GCRY_MD_BLAKE2S_256>("blake2s-256", "blake2s-256-gcrypt", 64, 32),
});

[[gnu::used, gnu::section(".note.kcapi"), gnu::aligned(4)]] constexpr auto index = local::index_of<drivers>();

} // namespace

} // namespace kcapi::gcrypt

extern "C" const kcapi::local::module *kcapi_driver_module_gcrypt() noexcept {
    static const kcapi::local::module self{.stamp = kcapi::local::module_stamp,
                                           .name = "gcrypt",
                                           .version = GCRYPT_VERSION,
                                           .drivers = kcapi::gcrypt::drivers};
    return &self;
}
