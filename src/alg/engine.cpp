// SPDX-License-Identifier: BSD-3-Clause
#include "alg/engine.hpp"

#include <array>

namespace kcapi::alg {

namespace {

constexpr std::array<std::string_view, 6> kind_names{"skcipher", "aead", "hash", "rng", "akcipher", "kpp"};

} // namespace

std::string_view kind_name(kind k) noexcept { return kind_names[static_cast<std::size_t>(k)]; }

std::optional<kind> kind_from_name(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kind_names.size(); ++i)
        if (kind_names[i] == name)
            return static_cast<kind>(i);
    return std::nullopt;
}

} // namespace kcapi::alg
