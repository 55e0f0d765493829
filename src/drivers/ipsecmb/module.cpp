// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/ipsecmb/module.hpp"

#include "drivers/ipsecmb/managers.hpp"
#include "drivers/ipsecmb/modes.hpp"
#include "local/module_index.hpp"

#include <algorithm>
#include <array>

namespace kcapi::ipsecmb {

namespace {

using local::driver_kind;

/// Nothing here is validated.
bool available(const local::driver &, bool fips) noexcept { return !fips && functions() != nullptr; }

constexpr int fast_priority = 500;
constexpr int untried_priority = 150;

/// Where one message starts to pay for taking a manager.
constexpr std::size_t long_message = 2048;

constexpr local::limits mode_sizes(std::uint32_t block) noexcept {
    return {.block_size = block, .chunk_size = 16, .iv_size = 16, .min_key_size = 16, .max_key_size = 32};
}

constexpr auto hashes = std::to_array<hash_algorithm>({
    {IMB_AUTH_SHA_1, IMB_AUTH_HMAC_SHA_1, 64, 20, &IMB_MGR::sha1_one_block, &IMB_MGR::sha1, 12},
    {IMB_AUTH_SHA_224, IMB_AUTH_HMAC_SHA_224, 64, 28, &IMB_MGR::sha224_one_block, &IMB_MGR::sha224, SIZE_MAX},
    {IMB_AUTH_SHA_256, IMB_AUTH_HMAC_SHA_256, 64, 32, &IMB_MGR::sha256_one_block, &IMB_MGR::sha256, SIZE_MAX},
    {IMB_AUTH_SHA_384, IMB_AUTH_HMAC_SHA_384, 128, 48, &IMB_MGR::sha384_one_block, &IMB_MGR::sha384, 0},
    {IMB_AUTH_SHA_512, IMB_AUTH_HMAC_SHA_512, 128, 64, &IMB_MGR::sha512_one_block, &IMB_MGR::sha512, 0},
});

/// Lanes count in 16 bits, and one message with its padding is what a lane has.
constexpr std::size_t longest_hashed = 65535 - 2 * 128;

constexpr local::driver batch_driver(const hash_algorithm &a, const char *name, const char *driver_name,
                                     std::size_t min_batch, std::size_t min_bytes, bool is_keyed) noexcept {
    return {.type = driver_kind::hash_batch,
            .name = name,
            .driver_name = driver_name,
            .provider = "ipsecmb",
            .priority = fast_priority,
            .sizes = {.block_size = static_cast<std::uint32_t>(a.block_size),
                      .max_key_size = is_keyed ? UINT32_MAX : 0,
                      .digest_size = static_cast<std::uint32_t>(a.digest_size),
                      .key = is_keyed ? local::key_use::required : local::key_use::none},
            .best = {.min_length = 1,
                     .max_length = longest_hashed,
                     .min_batch = min_batch,
                     .min_batch_bytes = min_bytes},
            .available = available,
            .make_hash_batch = is_keyed ? make_hmac_batch : make_sha_batch,
            .data = &a};
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
     .best = {.min_length = long_message, .encrypts = false, .min_batch = 2},
     .available = available,
     .make_skcipher = make_cbc},
});

/// All that there is for a processor it was measured on: the modes, and hashes of several messages at once,
/// where as many are needed as are faster than one after the other.
constexpr auto all_drivers = [] {
    constexpr std::size_t modes = drivers<fast_priority>.size();
    std::array<local::driver, modes + 10> all;
    std::copy(drivers<fast_priority>.begin(), drivers<fast_priority>.end(), all.begin());
    std::size_t n = modes;
    all[n++] = batch_driver(hashes[0], "sha1", "sha1-ipsecmb", 2, 4096, false);
    all[n++] = batch_driver(hashes[1], "sha224", "sha224-ipsecmb", 2, 4096, false);
    all[n++] = batch_driver(hashes[2], "sha256", "sha256-ipsecmb", 2, 4096, false);
    all[n++] = batch_driver(hashes[3], "sha384", "sha384-ipsecmb", 5, 0, false);
    all[n++] = batch_driver(hashes[4], "sha512", "sha512-ipsecmb", 5, 0, false);
    all[n++] = batch_driver(hashes[0], "hmac(sha1)", "hmac-sha1-ipsecmb", 2, 4096, true);
    all[n++] = batch_driver(hashes[1], "hmac(sha224)", "hmac-sha224-ipsecmb", 2, 4096, true);
    all[n++] = batch_driver(hashes[2], "hmac(sha256)", "hmac-sha256-ipsecmb", 2, 4096, true);
    all[n++] = batch_driver(hashes[3], "hmac(sha384)", "hmac-sha384-ipsecmb", 3, 0, true);
    all[n++] = batch_driver(hashes[4], "hmac(sha512)", "hmac-sha512-ipsecmb", 3, 0, true);
    return all;
}();

[[gnu::used, gnu::section(".note.kcapi"), gnu::aligned(4)]] constexpr auto index =
    local::index_of<all_drivers>();

} // namespace

} // namespace kcapi::ipsecmb

extern "C" const kcapi::local::module *kcapi_driver_module_ipsecmb() noexcept {
    using namespace kcapi::ipsecmb;
    static const kcapi::local::module fast{.stamp = kcapi::local::module_stamp,
                                           .name = "ipsecmb",
                                           .version = IMB_VERSION_STR,
                                           .drivers = all_drivers};
    static const kcapi::local::module untried{.stamp = kcapi::local::module_stamp,
                                              .name = "ipsecmb",
                                              .version = IMB_VERSION_STR,
                                              .drivers = drivers<untried_priority>};
    return is_wide() ? &fast : &untried;
}
