// SPDX-License-Identifier: BSD-3-Clause
//
// What a module serves, told without loading it: an ELF note in the shared object with the names of its
// drivers, made from their table when it is compiled. So that a program that hashes a file loads one library
// and not all that there are.
#pragma once

#include "local/driver.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace kcapi::local {

inline constexpr std::string_view index_owner{"kcapi\0", 6}; // with its end, as notes have it
inline constexpr std::uint32_t index_type = 1;

/// The text of a note, ended by zeros: the stamp; then of each driver its kind as a letter from 'A' on, four
/// digits of its priority, its name; and its driver name. Each of these ends with a zero.
template <std::size_t Size>
struct index_note {
    std::uint32_t owner_size = index_owner.size();
    std::uint32_t text_size = Size;
    std::uint32_t type = index_type;
    std::array<char, 8> owner{'k', 'c', 'a', 'p', 'i'};
    std::array<char, Size> text{};
};

/// What the index says of a driver.
struct index_row {
    driver_kind type{};
    int priority = 0;
    std::string_view name;
    std::string_view driver_name;
};

template <const auto &Drivers>
consteval std::size_t index_size() {
    std::size_t size = sizeof module_stamp + 1;
    for (const driver &d : Drivers)
        size += 5 + std::string_view(d.name).size() + 1 + std::string_view(d.driver_name).size() + 1;
    return (size + 3) / 4 * 4;
}

/// A module has it as [[gnu::used, gnu::section(".note.kcapi"), gnu::aligned(4)]]. Where the priority is
/// found out when the module is loaded, it is that of the table with the highest.
template <const auto &Drivers>
consteval auto index_of() {
    index_note<index_size<Drivers>()> note;
    auto to = note.text.begin();
    const auto put = [&](std::string_view text) {
        for (const char c : text)
            *to++ = c;
        ++to;
    };
    put(module_stamp);
    for (const driver &d : Drivers) {
        *to++ = static_cast<char>('A' + static_cast<int>(d.type));
        for (int unit = 1000; unit != 0; unit /= 10)
            *to++ = static_cast<char>('0' + d.priority / unit % 10);
        put(d.name);
        put(d.driver_name);
    }
    return note;
}

} // namespace kcapi::local
