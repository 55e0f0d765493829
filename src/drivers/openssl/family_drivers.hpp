// SPDX-License-Identifier: BSD-3-Clause
//
// The drivers of the ciphers other than AES, as module.cpp puts them into its table.
#pragma once

#include "drivers/openssl/chacha.hpp"
#include "drivers/openssl/family.hpp"

namespace kcapi::openssl {

namespace family_table {

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

} // namespace family_table

inline constexpr auto family_drivers = [] {
    using namespace family_table;
    return std::to_array<local::driver>({
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
    });
}();

} // namespace kcapi::openssl
