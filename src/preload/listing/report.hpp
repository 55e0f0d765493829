// SPDX-License-Identifier: BSD-3-Clause
//
// The messages of NETLINK_CRYPTO, by number and by layout.
#pragma once

#include "base/bytes.hpp"
#include "preload/listing/entry.hpp"

#include <linux/netlink.h>

#include <cstdint>
#include <vector>

namespace kcapi::preload {

using datagram = std::vector<std::uint8_t>;

// Message types: the one that asks for algorithms, the one whose body may be anything, and the last of them.
inline constexpr std::uint16_t get_algorithm = 0x13;
inline constexpr std::uint16_t delete_generator = 0x14;
inline constexpr std::uint16_t get_statistics = 0x15;
inline constexpr std::uint16_t last_message = 0x15;

inline constexpr std::size_t max_name = 64; ///< with its terminator

/// The body of a request and of each report.
struct algorithm_body {
    char name[max_name];
    char driver_name[max_name];
    char module_name[max_name];
    std::uint32_t type;
    std::uint32_t mask;
    std::uint32_t references;
    std::uint32_t flags;
};
static_assert(sizeof(algorithm_body) == 208);

inline constexpr std::uint16_t attribute_priority = 1;

/// The kernel's word of flags for an entry: its kind in the low four bits, and what it is.
[[nodiscard]] std::uint32_t flags_of(const entry &e) noexcept;

/// Appends a report about `e`; `head` goes before it with its length filled in.
void append_report(datagram &to, nlmsghdr head, const entry &e, std::uint32_t references);

} // namespace kcapi::preload
