// SPDX-License-Identifier: BSD-3-Clause
//
// The generator of ANSI X9.31, appendix A.2.4, over AES-128. It has no entropy of its own: its output follows
// from its seed alone, also in a child of fork. Nobody should choose it; who depends on its stream finds it.
#pragma once

#include "local/driver.hpp"

#include <array>

namespace kcapi::openssl {

[[nodiscard]] bool x931_available(const local::driver &self, bool fips) noexcept;
[[nodiscard]] int make_x931(const local::driver &self, std::unique_ptr<local::rng_state> &out) noexcept;

namespace detail {

constexpr local::driver x931_driver(const char *name, const char *driver_name) noexcept {
    local::driver d;
    d.type = local::driver_kind::rng;
    d.name = name;
    d.driver_name = driver_name;
    d.provider = "openssl";
    d.priority = 100;
    d.sizes.seed_size = 48;
    d.sizes.key = local::key_use::none;
    d.available = x931_available;
    d.make_rng = make_x931;
    return d;
}

} // namespace detail

/// The kernel's names: the first is its worst stdrng, the second the same generator for FIPS mode, where it
/// wants a key that differs from the first block; that rule is no longer of use to anybody.
inline constexpr std::array x931_drivers{detail::x931_driver("stdrng", "ansi_cprng"),
                                         detail::x931_driver("fips(ansi_cprng)", "fips_ansi_cprng")};

} // namespace kcapi::openssl
