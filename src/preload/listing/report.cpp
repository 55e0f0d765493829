// SPDX-License-Identifier: BSD-3-Clause
#include "preload/listing/report.hpp"

#include <algorithm>
#include <cstring>

namespace kcapi::preload {

namespace {

// Bits of the kernel's word of flags.
constexpr std::uint32_t flag_tested = 0x400;
constexpr std::uint32_t flag_instance = 0x800; ///< a template made it

struct hash_report {
    char type[max_name];
    std::uint32_t block_size;
    std::uint32_t digest_size;
};
static_assert(sizeof(hash_report) == 72);

struct skcipher_report {
    char type[max_name];
    char iv_generator[max_name];
    std::uint32_t block_size;
    std::uint32_t min_key_size;
    std::uint32_t max_key_size;
    std::uint32_t iv_size;
};
static_assert(sizeof(skcipher_report) == 144);

struct aead_report {
    char type[max_name];
    char iv_generator[max_name];
    std::uint32_t block_size;
    std::uint32_t max_tag_size;
    std::uint32_t iv_size;
};
static_assert(sizeof(aead_report) == 140);

struct rng_report {
    char type[max_name];
    std::uint32_t seed_size;
};
static_assert(sizeof(rng_report) == 68);

/// akcipher and kpp
struct bare_report {
    char type[max_name];
};

constexpr char no_generator[] = "<none>";

/// The kind's number in the flags, and the number of the attribute with its report.
struct kind_numbers {
    std::uint32_t flags;
    std::uint16_t attribute;
};

kind_numbers numbers_of(alg::kind kind) noexcept {
    switch (kind) {
    case alg::kind::skcipher:
        return {0x5, 4};
    case alg::kind::aead:
        return {0x3, 5};
    case alg::kind::hash:
        return {0xe, 3};
    case alg::kind::rng:
        return {0xc, 7};
    case alg::kind::akcipher:
        return {0x6, 9};
    case alg::kind::kpp:
        return {0x8, 10};
    }
    return {};
}

/// As much as finds room before a terminator.
template <std::size_t N>
void set_text(char (&field)[N], std::string_view text) noexcept {
    text.copy(field, std::min(text.size(), N - 1));
}

template <class T>
void append(datagram &to, const T &value) {
    const auto *const p = reinterpret_cast<const std::uint8_t *>(&value);
    to.insert(to.end(), p, p + sizeof value);
}

template <class T>
void append_attribute(datagram &to, std::uint16_t type, const T &payload) {
    append(to, static_cast<std::uint16_t>(2 * sizeof type + sizeof payload));
    append(to, type);
    append(to, payload);
}

template <class Report>
void append_named(datagram &to, const alg::properties &p, Report r) {
    set_text(r.type, type_word(p.type));
    append_attribute(to, numbers_of(p.type).attribute, r);
}

void append_kind(datagram &to, const alg::properties &p) {
    switch (p.type) {
    case alg::kind::skcipher: {
        skcipher_report r{{}, {}, p.block_size, p.min_key_size, p.max_key_size, p.iv_size};
        set_text(r.iv_generator, no_generator);
        append_named(to, p, r);
        break;
    }
    case alg::kind::aead: {
        aead_report r{{}, {}, p.block_size, p.max_tag_size, p.iv_size};
        set_text(r.iv_generator, no_generator);
        append_named(to, p, r);
        break;
    }
    case alg::kind::hash:
        append_named(to, p, hash_report{{}, p.block_size, p.digest_size});
        break;
    case alg::kind::rng:
        append_named(to, p, rng_report{{}, p.seed_size});
        break;
    case alg::kind::akcipher:
    case alg::kind::kpp:
        append_named(to, p, bare_report{});
        break;
    }
}

} // namespace

std::uint32_t flags_of(const entry &e) noexcept {
    const bool instance = e.info.driver_name.find('(') != std::string::npos;
    return numbers_of(e.info.type).flags | (e.tested() ? flag_tested : 0) | (instance ? flag_instance : 0);
}

void append_report(datagram &to, nlmsghdr head, const entry &e, std::uint32_t references) {
    const std::size_t begin = to.size();
    head.nlmsg_type = get_algorithm;
    append(to, head);
    algorithm_body body{};
    set_text(body.name, e.info.name);
    set_text(body.driver_name, e.info.driver_name);
    set_text(body.module_name, listed_module);
    body.references = references;
    body.flags = flags_of(e);
    append(to, body);
    append_attribute(to, attribute_priority, e.info.priority);
    append_kind(to, e.info);
    // Every part is a multiple of four long, so nothing needs padding.
    head.nlmsg_len = static_cast<std::uint32_t>(to.size() - begin);
    std::memcpy(to.data() + begin, &head, sizeof head);
}

} // namespace kcapi::preload
