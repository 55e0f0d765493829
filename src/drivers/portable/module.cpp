// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/module.hpp"

#include "drivers/portable/aegis128.hpp"
#include "drivers/portable/cast6.hpp"
#include "drivers/portable/chacha.hpp"
#include "drivers/portable/checksums.hpp"
#include "drivers/portable/cipher_null.hpp"
#include "drivers/portable/crc32.hpp"
#include "drivers/portable/fcrypt.hpp"
#include "drivers/portable/michael_mic.hpp"
#include "drivers/portable/system_rng.hpp"
#include "drivers/portable/twofish.hpp"
#include "drivers/portable/xxhash64.hpp"

namespace kcapi::portable {

namespace {

using local::driver_kind;
using local::key_use;

constexpr int priority = 100;

/// Nothing here is validated.
bool outside_fips(const local::driver &, bool fips) noexcept { return !fips; }

constexpr local::limits null_sizes{.block_size = 1, .chunk_size = 1, .key = key_use::none};
constexpr local::limits chacha_sizes{
    .block_size = 1, .chunk_size = 64, .iv_size = 16, .min_key_size = 32, .max_key_size = 32};
constexpr local::limits xchacha_sizes{
    .block_size = 1, .chunk_size = 64, .iv_size = 32, .min_key_size = 32, .max_key_size = 32};

constexpr local::limits crc_sizes{
    .block_size = 1, .min_key_size = 4, .max_key_size = 4, .digest_size = 4, .key = key_use::optional};

constexpr local::driver drivers[] = {
    // No secrets pass through a checksum, so FIPS mode has nothing against it.
    {.type = driver_kind::hash,
     .name = "crc32",
     .driver_name = "crc32-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = crc_sizes,
     .make_hash = make_crc32},
    {.type = driver_kind::hash,
     .name = "crc32c",
     .driver_name = "crc32c-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = crc_sizes,
     .make_hash = make_crc32c},
    {.type = driver_kind::hash,
     .name = "crct10dif",
     .driver_name = "crct10dif-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 1, .digest_size = 2, .key = key_use::none},
     .make_hash = make_crct10dif},
    {.type = driver_kind::hash,
     .name = "crc64-rocksoft",
     .driver_name = "crc64-rocksoft-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 1, .digest_size = 8, .key = key_use::none},
     .make_hash = make_crc64},
    {.type = driver_kind::hash,
     .name = "xxhash64",
     .driver_name = "xxhash64-portable",
     .provider = "portable",
     .priority = priority,
     .sizes =
         {.block_size = 32, .min_key_size = 8, .max_key_size = 8, .digest_size = 8, .key = key_use::optional},
     .make_hash = make_xxhash64},
    {.type = driver_kind::hash,
     .name = "michael_mic",
     .driver_name = "michael_mic-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 8, .min_key_size = 8, .max_key_size = 8, .digest_size = 8},
     .available = outside_fips,
     .make_hash = make_michael_mic},
    {.type = driver_kind::hash,
     .name = "digest_null",
     .driver_name = "digest_null-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 1, .max_key_size = UINT32_MAX},
     .make_hash = make_digest_null},
    {.type = driver_kind::aead,
     .name = "aegis128",
     .driver_name = "aegis128-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = 16,
               .min_key_size = 16,
               .max_key_size = 16,
               .tag_sizes = local::tag_sizes({8, 9, 10, 11, 12, 13, 14, 15, 16})},
     .available = outside_fips,
     .make_aead = make_aegis128},
    {.type = driver_kind::cipher,
     .name = "twofish",
     .driver_name = "twofish-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 16, .min_key_size = 16, .max_key_size = 32},
     .available = outside_fips,
     .make_cipher = make_twofish},
    {.type = driver_kind::cipher,
     .name = "cast6",
     .driver_name = "cast6-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 16, .min_key_size = 16, .max_key_size = 32},
     .available = outside_fips,
     .make_cipher = make_cast6},
    {.type = driver_kind::cipher,
     .name = "fcrypt",
     .driver_name = "fcrypt-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = {.block_size = 8, .min_key_size = 8, .max_key_size = 8},
     .available = outside_fips,
     .make_cipher = make_fcrypt},
    {.type = driver_kind::rng,
     .name = "jitterentropy_rng",
     .driver_name = "jitterentropy_rng-system",
     .provider = "portable",
     .priority = priority,
     .sizes = {.key = key_use::none},
     .available = outside_fips,
     .make_rng = make_system_rng},
    {.type = driver_kind::cipher,
     .name = "cipher_null",
     .driver_name = "cipher_null-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = null_sizes,
     .available = outside_fips,
     .make_cipher = make_null_cipher},
    {.type = driver_kind::skcipher,
     .name = "ecb(cipher_null)",
     .driver_name = "ecb-cipher_null-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = null_sizes,
     .available = outside_fips,
     .make_skcipher = make_null_ecb},
    {.type = driver_kind::skcipher,
     .name = "chacha20",
     .driver_name = "chacha20-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = chacha_sizes,
     .available = outside_fips,
     .make_skcipher = make_chacha20},
    {.type = driver_kind::skcipher,
     .name = "xchacha20",
     .driver_name = "xchacha20-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = xchacha_sizes,
     .available = outside_fips,
     .make_skcipher = make_xchacha20},
    {.type = driver_kind::skcipher,
     .name = "xchacha12",
     .driver_name = "xchacha12-portable",
     .provider = "portable",
     .priority = priority,
     .sizes = xchacha_sizes,
     .available = outside_fips,
     .make_skcipher = make_xchacha12},
};

} // namespace

} // namespace kcapi::portable

extern "C" const kcapi::local::module *kcapi_driver_module_portable() noexcept {
    static const kcapi::local::module self{.stamp = kcapi::local::module_stamp,
                                           .name = "portable",
                                           .version = KCAPI_BUILD_VERSION,
                                           .drivers = kcapi::portable::drivers};
    return &self;
}
