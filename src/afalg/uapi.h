// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel's side of AF_ALG and of its crypto configuration (NETLINK_CRYPTO), by number and by layout. It
// stands here so that the library builds the same with headers of any age; the comments say which kernel
// brought what.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kcapi::afalg::uapi {

inline constexpr int af_alg = 38;   // Linux 2.6.38, with skcipher and hash
inline constexpr int sol_alg = 279; // 2.6.38

// Options of a bound socket, and types of control data.
inline constexpr int set_key = 1;           // 2.6.38
inline constexpr int set_iv = 2;            // 2.6.38
inline constexpr int set_op = 3;            // 2.6.38
inline constexpr int set_aead_assoclen = 4; // 4.1
inline constexpr int set_aead_authsize = 5; // 4.1
inline constexpr int set_drbg_entropy = 6;  // 5.11

/// sockaddr_alg with the longest name that an address can hold: it ends at the 128 bytes that bind takes at
/// most.
struct address {
    std::uint16_t family;
    char type[14];
    std::uint32_t feature;
    std::uint32_t mask;
    char name[104];
};
static_assert(sizeof(address) == 128 && offsetof(address, name) == 24);

// Bits of the word that the kernel keeps for each algorithm: in bind's feature and mask, and in netlink's
// flags.
inline constexpr std::uint32_t flag_async = 0x80;
inline constexpr std::uint32_t flag_tested = 0x400;
inline constexpr std::uint32_t flag_instance = 0x800;     // built from a template
inline constexpr std::uint32_t flag_driver_only = 0x1000; // a device that only the kernel reaches
inline constexpr std::uint32_t flag_internal = 0x2000;
inline constexpr std::uint32_t flag_allocates_memory = 0x10000; // 5.9

inline constexpr int netlink_crypto = 21;      // 3.2
inline constexpr std::uint16_t get_alg = 0x13; // CRYPTO_MSG_GETALG, 3.2
inline constexpr std::size_t max_name = 64;    // CRYPTO_MAX_NAME, with its terminator

/// crypto_user_alg: the body of a query and of each reply.
struct user_alg {
    char name[max_name];
    char driver_name[max_name];
    char module_name[max_name];
    std::uint32_t type;
    std::uint32_t mask;
    std::uint32_t references;
    std::uint32_t flags;
};
static_assert(sizeof(user_alg) == 208);

// Attributes behind the body: the priority, and one report that tells the kind.
inline constexpr std::uint16_t attr_priority = 1;
inline constexpr std::uint16_t attr_hash = 3;
inline constexpr std::uint16_t attr_skcipher = 4;
inline constexpr std::uint16_t attr_aead = 5;
inline constexpr std::uint16_t attr_rng = 7;

struct report_hash {
    char type[max_name];
    std::uint32_t block_size;
    std::uint32_t digest_size;
};
static_assert(sizeof(report_hash) == 72);

struct report_skcipher {
    char type[max_name];
    char iv_generator[max_name];
    std::uint32_t block_size;
    std::uint32_t min_key_size;
    std::uint32_t max_key_size;
    std::uint32_t iv_size;
};
static_assert(sizeof(report_skcipher) == 144);

struct report_aead {
    char type[max_name];
    char iv_generator[max_name];
    std::uint32_t block_size;
    std::uint32_t max_tag_size;
    std::uint32_t iv_size;
};
static_assert(sizeof(report_aead) == 140);

struct report_rng {
    char type[max_name];
    std::uint32_t seed_size;
};
static_assert(sizeof(report_rng) == 68);

} // namespace kcapi::afalg::uapi
