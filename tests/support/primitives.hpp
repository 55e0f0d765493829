// SPDX-License-Identifier: BSD-3-Clause
//
// Everything that a build has, by name, behind its self tests.
#pragma once

#include "local/modules.hpp"
#include "local/registry.hpp"
#include "local/selftest.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

namespace kcapi::test {

using octets = std::vector<std::uint8_t>;

inline octets random_octets(std::size_t size, std::mt19937 &random) {
    octets bytes(size);
    for (std::uint8_t &b : bytes)
        b = static_cast<std::uint8_t>(random());
    return bytes;
}

inline local::registry &everything() {
    static local::registry r(local::linked_modules(),
                             {.fips = false, .only = {}, .self_test = local::passes_self_test});
    return r;
}

/// Who serves the name.
inline const local::driver &served(local::driver_kind type, const std::string &name) {
    const result<const local::driver *> d = everything().find(type, name);
    if (!d)
        throw std::runtime_error(name + ": " + std::to_string(d.error().code));
    return **d;
}

/// A bare cipher, which nobody can ask for, by the name of its driver.
inline const local::driver &part(const std::string &driver_name) {
    for (const local::module *const m : local::linked_modules())
        for (const local::driver &d : m->drivers)
            if (d.type == local::driver_kind::cipher && driver_name == d.driver_name) {
                EXPECT_TRUE(d.available == nullptr || d.available(d, false)) << driver_name;
                EXPECT_TRUE(local::passes_self_test(d)) << driver_name;
                return d;
            }
    throw std::runtime_error("no " + driver_name);
}

} // namespace kcapi::test
