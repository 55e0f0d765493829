// SPDX-License-Identifier: BSD-3-Clause
//
// Template instances over the drivers that a build has, and hashes of the test's own.
#pragma once

#include "local/modules.hpp"
#include "local/registry.hpp"
#include "support/driver_under_test.hpp"
#include "support/real_hash.hpp"

#include <gtest/gtest.h>

#include <random>

namespace kcapi::test {

inline constexpr local::direction both_ways[] = {local::direction::encrypt, local::direction::decrypt};

/// Hashes have no self test here; everything else has its own.
inline bool test_hashes_pass(const local::driver &d) noexcept {
    return d.type == local::driver_kind::hash || local::passes_self_test(d);
}

inline local::registry &drivers() {
    static local::registry r = [] {
        std::vector<const local::module *> modules = local::linked_modules();
        modules.push_back(hash_module());
        return local::registry(modules, {.fips = false, .only = {}, .self_test = test_hashes_pass});
    }();
    return r;
}

inline const local::driver &skcipher(const std::string &name) {
    const result<const local::driver *> d = drivers().find(local::driver_kind::skcipher, name);
    if (!d)
        throw std::runtime_error(name + ": error " + std::to_string(d.error().code));
    return **d;
}

/// The driver's name, or the error number as text.
inline std::string found(const std::string &name) {
    const result<const local::driver *> d = drivers().find(local::driver_kind::skcipher, name);
    return d ? (*d)->driver_name : ::strerrorname_np(d.error().code);
}

inline byte_vector pattern(std::size_t size, unsigned step) {
    byte_vector v(size);
    for (std::size_t i = 0; i < size; ++i)
        v[i] = static_cast<std::uint8_t>(step * i + (i >> 8) + 1);
    return v;
}

inline byte_vector random_bytes(std::size_t size, std::mt19937 &random) {
    byte_vector v(size);
    for (std::uint8_t &b : v)
        b = static_cast<std::uint8_t>(random());
    return v;
}

inline byte_vector joined(byte_vector a, const byte_vector &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace kcapi::test
