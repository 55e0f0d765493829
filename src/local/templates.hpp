// SPDX-License-Identifier: BSD-3-Clause
//
// Templates: modes built from parts, as the kernel's are. A template makes an instance over its parts; the
// instance is a driver like any other, named after them: cbc over aes-openssl is "cbc(aes-openssl)", an
// implementation of "cbc(aes)". Its priority is that of its weakest part less one, so that a library's own
// mode of equal priority goes first.
#pragma once

#include "local/driver.hpp"

#include <string>

namespace kcapi::local {

/// What an argument of a template must be.
struct part_rule {
    driver_kind type = driver_kind::cipher;
    const char *name = ""; ///< the driver must implement this template's name, e.g. "cbc"; "" for any
};

struct template_record {
    const char *name;       ///< "cbc"
    driver_kind type;       ///< what an instance is
    std::size_t part_count; ///< how many arguments it takes
    std::array<part_rule, max_parts> parts;
    /// Fills limits and factory for an instance over `instance.parts`; false if the template refuses them.
    bool (*fill)(driver &instance) noexcept;
};

[[nodiscard]] std::span<const template_record> templates() noexcept;

/// Null if there is none of that name.
[[nodiscard]] const template_record *find_template(std::string_view name) noexcept;
/// The same; of several with the name (essiv is one of skciphers and one of aeads) that of the type.
[[nodiscard]] const template_record *find_template(std::string_view name, driver_kind type) noexcept;

} // namespace kcapi::local
