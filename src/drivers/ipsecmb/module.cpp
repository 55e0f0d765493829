// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/ipsecmb/module.hpp"

#include "drivers/ipsecmb/managers.hpp"
#include "drivers/ipsecmb/modes.hpp"

#include <array>

namespace kcapi::ipsecmb {

namespace {

using local::driver_kind;

/// Nothing here is validated.
bool available(const local::driver &, bool fips) noexcept { return !fips && functions() != nullptr; }

/// Where one message starts to pay for taking a manager.
constexpr std::size_t long_message = 2048;

constexpr local::limits mode_sizes(std::uint32_t block) noexcept {
    return {.block_size = block, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32};
}

/// What is fast with AVX-512 and VAES was not measured without: there, below all other libraries.
template <int Priority>
constexpr auto drivers = std::to_array<local::driver>({
    {.type = driver_kind::aead,
     .name = "gcm(aes)",
     .driver_name = "gcm-aes-ipsecmb",
     .provider = "ipsecmb",
     .priority = Priority,
     .sizes = {.block_size = 1,
               .chunk_size = 1,
               .iv_size = 12,
               .min_key_size = 16,
               .max_key_size = 32,
               .tag_sizes = local::tag_sizes({4, 8, 12, 13, 14, 15, 16})},
     .available = available,
     .make_aead = make_gcm},
    {.type = driver_kind::skcipher,
     .name = "ctr(aes)",
     .driver_name = "ctr-aes-ipsecmb",
     .provider = "ipsecmb",
     .priority = Priority,
     .sizes = mode_sizes(1),
     .best = {.min_length = long_message},
     .available = available,
     .make_skcipher = make_ctr},
    {.type = driver_kind::skcipher,
     .name = "cbc(aes)",
     .driver_name = "cbc-aes-ipsecmb",
     .provider = "ipsecmb",
     .priority = Priority,
     .sizes = mode_sizes(16),
     .best = {.min_length = long_message, .encrypts = false, .batches = true},
     .available = available,
     .make_skcipher = make_cbc},
});

constexpr int fast_priority = 500;
constexpr int untried_priority = 150;

} // namespace

} // namespace kcapi::ipsecmb

extern "C" const kcapi::local::module *kcapi_driver_module_ipsecmb() noexcept {
    using namespace kcapi::ipsecmb;
    static const kcapi::local::module fast{.stamp = kcapi::local::module_stamp,
                                           .name = "ipsecmb",
                                           .version = IMB_VERSION_STR,
                                           .drivers = drivers<fast_priority>};
    static const kcapi::local::module untried{.stamp = kcapi::local::module_stamp,
                                              .name = "ipsecmb",
                                              .version = IMB_VERSION_STR,
                                              .drivers = drivers<untried_priority>};
    return is_wide() ? &fast : &untried;
}
