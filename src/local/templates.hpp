// SPDX-License-Identifier: BSD-3-Clause
//
// Templates: modes built from parts, as the kernel's are. A template makes an instance over an inner driver;
// the instance is a driver like any other, named after its parts: cbc over aes-openssl is "cbc(aes-openssl)",
// an implementation of "cbc(aes)", with its inner driver's priority less one, so that a library's own mode of
// equal priority goes first.
#pragma once

#include "local/driver.hpp"

#include <string>

namespace kcapi::local {

struct template_record {
    const char *name;       ///< "cbc"
    driver_kind type;       ///< what an instance is
    driver_kind inner_type; ///< what it is built on
    const char *inner_name; ///< the inner driver must implement this template's name, e.g. "cbc"; "" for any
    /// Fills limits and factory for an instance over `inner`; false if the template refuses it.
    bool (*fill)(driver &instance, const driver &inner) noexcept;
};

[[nodiscard]] std::span<const template_record> templates() noexcept;

/// Null if there is none of that name.
[[nodiscard]] const template_record *find_template(std::string_view name) noexcept;

} // namespace kcapi::local
