// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/listing.hpp"
#include "alg/name.hpp"

#include <array>

namespace kcapi::afalg {

namespace {

constexpr std::uint32_t chacha_block = 64;
constexpr std::uint32_t wide_block = 16; ///< of the modes defined for 128-bit ciphers only

struct cipher {
    std::string_view name;
    std::uint32_t min_key;
    std::uint32_t max_key;
    std::uint32_t block;
};

constexpr std::array ciphers{
    cipher{"aes", 16, 32, 16},      cipher{"camellia", 16, 32, 16}, cipher{"twofish", 16, 32, 16},
    cipher{"serpent", 0, 32, 16},   cipher{"cast6", 16, 32, 16},    cipher{"sm4", 16, 16, 16},
    cipher{"aria", 16, 32, 16},     cipher{"des", 8, 8, 8},         cipher{"des3_ede", 24, 24, 8},
    cipher{"blowfish", 4, 56, 8},   cipher{"cast5", 5, 16, 8},      cipher{"fcrypt", 8, 8, 8},
    cipher{"cipher_null", 0, 0, 1},
};

const cipher *find_cipher(const alg::name &n) noexcept {
    for (const cipher &c : ciphers)
        if (!n.is_template() && c.name == n.base)
            return &c;
    return nullptr;
}

alg::properties sizes(std::uint32_t block, std::uint32_t iv, std::uint32_t min_key, std::uint32_t max_key) {
    alg::properties p;
    p.block_size = block;
    p.iv_size = iv;
    p.min_key_size = min_key;
    p.max_key_size = max_key;
    return p;
}

std::optional<alg::properties> known_plain(std::string_view name) {
    if (name == "chacha20")
        return sizes(1, 16, 32, 32);
    if (name == "xchacha20" || name == "xchacha12")
        return sizes(1, 32, 32, 32);
    return std::nullopt;
}

/// A template directly over a block cipher.
std::optional<alg::properties> known_mode(std::string_view mode, const cipher &c) {
    if (mode == "ecb")
        return sizes(c.block, 0, c.min_key, c.max_key);
    if (mode == "cbc" || mode == "pcbc")
        return sizes(c.block, c.block, c.min_key, c.max_key);
    if (mode == "ctr" || mode == "cfb" || mode == "ofb" || mode == "xctr")
        return sizes(1, c.block, c.min_key, c.max_key);
    if (mode == "xts")
        return sizes(wide_block, wide_block, 2 * c.min_key, 2 * c.max_key);
    if (mode == "lrw")
        return sizes(wide_block, wide_block, c.min_key + wide_block, c.max_key + wide_block);
    if (mode == "kw")
        return sizes(8, 8, c.min_key, c.max_key);
    return std::nullopt;
}

std::optional<alg::properties> known(const alg::name &n) {
    if (!n.is_template())
        return known_plain(n.base);
    if (const cipher *c = find_cipher(n.arguments.front()); c != nullptr && n.arguments.size() == 1)
        return known_mode(n.base, *c);
    if (n.base == "adiantum")
        return sizes(wide_block, 32, 32, 32);
    if (n.base != "cts" && n.base != "essiv" && n.base != "rfc3686")
        return std::nullopt;
    std::optional<alg::properties> inner = known(n.arguments.front());
    if (inner && n.base == "rfc3686") {
        inner->iv_size = 8;
        inner->min_key_size += 4;
        inner->max_key_size += 4;
    }
    return inner;
}

/// The outermost template, or the whole of a plain name.
std::string_view outer(std::string_view name) noexcept { return name.substr(0, name.find('(')); }

} // namespace

bool passes_chain(std::string_view name) {
    const std::string_view mode = outer(name);
    for (const std::string_view chaining : {"ecb", "cbc", "ctr", "pcbc", "cfb", "ofb", "lrw"})
        if (mode == chaining)
            return true;
    // The others start again from their IV, or carry something that a next pass does not continue from: xts,
    // cts, essiv, chacha20, xchacha, xctr, rfc3686, adiantum, kw; and whatever is not known here.
    return false;
}

std::uint32_t derive_chunk_size(const alg::properties &info) {
    if (info.type != alg::kind::skcipher)
        return 0;
    const std::string_view mode = outer(info.name);
    if (mode == "ctr" || mode == "cfb" || mode == "ofb" || mode == "xctr")
        return info.iv_size;
    if (mode == "rfc3686")
        return wide_block;
    if (mode == "chacha20" || mode == "xchacha20" || mode == "xchacha12")
        return chacha_block;
    return info.block_size;
}

std::optional<alg::properties> known_properties(alg::kind type, std::string_view name) {
    if (type != alg::kind::skcipher)
        return std::nullopt;
    const std::optional<alg::name> parsed = alg::parse_name(name);
    if (!parsed)
        return std::nullopt;
    std::optional<alg::properties> p = known(*parsed);
    if (p) {
        p->type = type;
        p->name = name;
        p->chunk_size = derive_chunk_size(*p);
    }
    return p;
}

} // namespace kcapi::afalg
