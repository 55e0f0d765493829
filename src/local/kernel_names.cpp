// SPDX-License-Identifier: BSD-3-Clause
#include "local/kernel_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kcapi::local {

namespace {

/// What a driver's name ends with, one word or several: how the code was written, or what processor it needs.
constexpr auto implementations = std::to_array<std::string_view>(
    {"generic", "lib",    "asm",  "aesni", "vaes",    "avx",    "avx2",  "avx10", "avx512",
     "simd",    "ssse3",  "sse2", "ni",    "clmulni", "pclmul", "intel", "3way",  "i586",
     "x86",     "x86_64", "arm",  "arm64", "neon",    "neonbs", "ce",    "s390"});

/// What it may begin with: cbc-aes-aesni is a cbc(aes).
constexpr auto modes = std::to_array<std::string_view>(
    {"ecb", "cbc", "ctr", "cts", "xts", "xctr", "lrw", "hmac", "cmac", "xcbc", "cbcmac"});

/// Modes that the kernel builds over the ecb form of a cipher, as their drivers' names show.
constexpr auto over_ecb = std::to_array<std::string_view>({"cbc", "xts", "lrw"});

template <std::size_t N>
bool contains(const std::array<std::string_view, N> &list, std::string_view text) noexcept {
    return std::find(list.begin(), list.end(), text) != list.end();
}

/// Cuts the words of `implementations` off; whether there were any.
bool cut_implementation(std::string_view &text) noexcept {
    bool cut = false;
    for (std::size_t dash = text.rfind('-'); dash != std::string_view::npos && dash != 0;
         dash = text.rfind('-')) {
        if (!contains(implementations, text.substr(dash + 1)))
            break;
        text = text.substr(0, dash);
        cut = true;
    }
    return cut;
}

/// The names that do not follow from the parts: of gcm and essiv.
std::optional<alg::name> with_odd_mode(std::string_view text) {
    const alg::name aes{"aes", {}};
    if (text == "generic-gcm")
        return alg::name{"gcm", {aes}};
    if (text == "rfc4106-gcm")
        return alg::name{"rfc4106", {alg::name{"gcm", {aes}}}};
    if (text == "essiv-cbc-aes-sha256")
        return alg::name{"essiv", {alg::name{"cbc", {aes}}, alg::name{"sha256", {}}}};
    return std::nullopt;
}

alg::name with_modes(std::string_view text) {
    if (std::optional<alg::name> odd = with_odd_mode(text))
        return std::move(*odd);
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || !contains(modes, text.substr(0, dash)))
        return {std::string(text), {}};
    return {std::string(text.substr(0, dash)), {with_modes(text.substr(dash + 1))}};
}

/// Replaces driver names inside `n`; whether there were any.
bool replace(alg::name &n) {
    if (!n.is_template()) {
        std::string_view rest = n.base;
        if (!cut_implementation(rest) && n.base != "ecb-cipher_null")
            return false;
        n = with_modes(rest);
        return true;
    }
    std::size_t replaced = 0;
    for (alg::name &argument : n.arguments)
        replaced += replace(argument) ? 1U : 0U;
    if (replaced == 0)
        return false;
    alg::name &first = n.arguments.front();
    // These two are names of drivers alone, so of drivers throughout.
    if ((n.base == "gcm_base" || n.base == "ccm_base") && n.arguments.size() == 2 && replaced == 2 &&
        first.base == "ctr" && first.is_template()) {
        n = {n.base.substr(0, 3), {alg::name(first.arguments.front())}};
        return true;
    }
    if (contains(over_ecb, n.base) && first.base == "ecb" && first.is_template())
        first = alg::name(first.arguments.front());
    // The hash is a part of adiantum's driver names, not of its name.
    if (n.base == "adiantum" && n.arguments.size() == 3)
        n.arguments.pop_back();
    return true;
}

} // namespace

std::optional<alg::name> algorithm_of_kernel_driver(const alg::name &text) {
    alg::name n = text;
    return replace(n) ? std::optional(std::move(n)) : std::nullopt;
}

} // namespace kcapi::local
