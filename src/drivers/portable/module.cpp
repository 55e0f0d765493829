// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/module.hpp"

#include "drivers/portable/crc32.hpp"

namespace kcapi::portable {

namespace {

using local::driver_kind;
using local::key_use;

constexpr int priority = 100;

/// No secrets pass through a checksum, so FIPS mode has nothing against it.
constexpr local::driver drivers[] = {
    {.type = driver_kind::hash,
     .name = "crc32",
     .driver_name = "crc32-portable",
     .provider = "portable",
     .priority = priority,
     .sizes =
         {.block_size = 1, .min_key_size = 4, .max_key_size = 4, .digest_size = 4, .key = key_use::optional},
     .make_hash = make_crc32},
    {.type = driver_kind::hash,
     .name = "crc32c",
     .driver_name = "crc32c-portable",
     .provider = "portable",
     .priority = priority,
     .sizes =
         {.block_size = 1, .min_key_size = 4, .max_key_size = 4, .digest_size = 4, .key = key_use::optional},
     .make_hash = make_crc32c},
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
