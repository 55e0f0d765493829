// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/listing.hpp"
#include "afalg/uapi.h"

#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace kcapi::afalg {

namespace {

/// No algorithm has a block, key or IV near this; a report that says so was not written by the crypto API.
constexpr std::uint32_t max_size = 65536;
/// Errors that system calls report end here; beyond it the number would not be an errno value.
constexpr int max_errno = 4095;

constexpr error malformed{EPROTO, "NETLINK_CRYPTO"};

/// A structure at the start of `from`, whatever its alignment.
template <class T>
std::optional<T> read(base::bytes from) noexcept {
    if (from.size() < sizeof(T))
        return std::nullopt;
    T value;
    std::memcpy(&value, from.data(), sizeof value);
    return value;
}

/// Cuts a length-prefixed item off the front and steps over the padding to the next multiple of four, which
/// the last item may lack.
base::bytes cut(base::bytes &from, std::size_t length) noexcept {
    const base::bytes item = from.first(length);
    from = from.subspan(std::min((length + 3) & ~std::size_t{3}, from.size()));
    return item;
}

/// A text in a fixed field; nothing if its terminator is missing.
template <std::size_t N>
std::optional<std::string> text(const char (&field)[N]) {
    const void *end = std::memchr(field, '\0', N);
    if (end == nullptr)
        return std::nullopt;
    return std::string(field, static_cast<const char *>(end));
}

struct attribute {
    std::uint16_t length;
    std::uint16_t type;
};

/// An algorithm while its message is read. What is built wrong damages the whole reply; what is built right
/// and makes no sense, or is of a type that only later kernels have, is left out of it.
struct reading {
    alg::properties info;
    bool prioritised = false;
    bool reported = false;
    bool sensible = true;
};

/// The kind is in the attribute's number, and once more in a text.
template <class Report>
bool names(const Report &report, std::initializer_list<std::string_view> types) {
    const std::optional<std::string> type = text(report.type);
    return type && std::find(types.begin(), types.end(), *type) != types.end();
}

/// Each of these is false if the report is too short for its attribute.
bool take_hash(base::bytes payload, reading &out) {
    const auto r = read<uapi::report_hash>(payload);
    if (!r)
        return false;
    out.info.type = alg::kind::hash;
    out.info.block_size = r->block_size; // 0 where a hash has no blocks (nhpoly1305)
    out.info.digest_size = r->digest_size;
    out.sensible = names(*r, {"shash", "ahash"});
    return true;
}

bool take_skcipher(base::bytes payload, reading &out) {
    const auto r = read<uapi::report_skcipher>(payload);
    if (!r)
        return false;
    out.info.type = alg::kind::skcipher;
    out.info.block_size = r->block_size;
    out.info.iv_size = r->iv_size;
    out.info.min_key_size = r->min_key_size;
    out.info.max_key_size = r->max_key_size;
    out.sensible =
        names(*r, {"skcipher", "lskcipher"}) && r->block_size != 0 && r->min_key_size <= r->max_key_size;
    return true;
}

bool take_aead(base::bytes payload, reading &out) {
    const auto r = read<uapi::report_aead>(payload);
    if (!r)
        return false;
    out.info.type = alg::kind::aead;
    out.info.block_size = r->block_size;
    out.info.iv_size = r->iv_size;
    out.info.max_tag_size = r->max_tag_size;
    out.sensible = names(*r, {"aead"}) && r->block_size != 0;
    return true;
}

bool take_rng(base::bytes payload, reading &out) {
    const auto r = read<uapi::report_rng>(payload);
    if (!r)
        return false;
    out.info.type = alg::kind::rng;
    out.info.seed_size = r->seed_size;
    out.sensible = names(*r, {"rng"});
    return true;
}

bool take_priority(base::bytes payload, reading &out) {
    const auto priority = read<std::int32_t>(payload);
    if (priority)
        out.info.priority = *priority;
    return priority.has_value();
}

bool take_attribute(std::uint16_t type, base::bytes payload, reading &out) {
    // Of each kind the first counts.
    if (type == uapi::attr_priority)
        return std::exchange(out.prioritised, true) || take_priority(payload, out);
    bool (*take)(base::bytes, reading &) = nullptr;
    switch (type) {
    case uapi::attr_hash:
        take = take_hash;
        break;
    case uapi::attr_skcipher:
        take = take_skcipher;
        break;
    case uapi::attr_aead:
        take = take_aead;
        break;
    case uapi::attr_rng:
        take = take_rng;
        break;
    default:
        return true;
    }
    return std::exchange(out.reported, true) || take(payload, out);
}

/// The attributes behind the body. False if their lengths do not add up.
bool take_attributes(base::bytes rest, reading &out) {
    while (!rest.empty()) {
        const std::optional<attribute> head = read<attribute>(rest);
        if (!head || head->length < sizeof(attribute) || head->length > rest.size())
            return false;
        if (!take_attribute(head->type, cut(rest, head->length).subspan(sizeof(attribute)), out))
            return false;
    }
    return true;
}

bool sizes_are_sensible(const alg::properties &info) noexcept {
    for (const std::uint32_t size : {info.block_size, info.iv_size, info.max_key_size, info.max_tag_size,
                                     info.digest_size, info.seed_size})
        if (size > max_size)
            return false;
    return true;
}

/// A device. Some drivers say so themselves; others (virtio_crypto) only that their requests are finished
/// later and take memory meanwhile: no driver for the CPU does both. A template's instance inherits that from
/// its parts and is no device itself.
bool is_device(std::uint32_t flags) noexcept {
    constexpr std::uint32_t works_elsewhere = uapi::flag_async | uapi::flag_allocates_memory;
    return (flags & uapi::flag_driver_only) != 0 ||
           (flags & (works_elsewhere | uapi::flag_instance)) == works_elsewhere;
}

/// One algorithm; nothing is appended for a kind that AF_ALG does not have.
result<void> take_algorithm(base::bytes body, std::vector<record> &out) {
    const auto header = read<uapi::user_alg>(body);
    if (!header)
        return malformed;
    std::optional<std::string> name = text(header->name);
    std::optional<std::string> driver_name = text(header->driver_name);
    if (!name || name->empty() || !driver_name || driver_name->empty())
        return malformed;
    reading entry;
    if (!take_attributes(body.subspan(sizeof(uapi::user_alg)), entry))
        return malformed;
    if (!entry.reported || !entry.sensible || !sizes_are_sensible(entry.info))
        return {};
    record r;
    r.info = std::move(entry.info);
    r.info.name = std::move(*name);
    r.info.driver_name = std::move(*driver_name);
    r.info.hardware = is_device(header->flags);
    r.async = (header->flags & uapi::flag_async) != 0;
    r.internal = (header->flags & uapi::flag_internal) != 0;
    r.tested = (header->flags & uapi::flag_tested) != 0;
    out.push_back(std::move(r));
    return {};
}

/// The kernel's negative number. Zero is an acknowledgement, which nobody asked for.
error take_error(base::bytes body) noexcept {
    const auto code = read<std::int32_t>(body);
    if (!code || *code >= 0 || *code < -max_errno)
        return malformed;
    return error{-*code, "NETLINK_CRYPTO"};
}

} // namespace

result<bool> parse_reply(base::bytes datagram, std::uint32_t sequence, std::vector<record> &out) {
    while (!datagram.empty()) {
        const auto head = read<nlmsghdr>(datagram);
        if (!head || head->nlmsg_len < sizeof(nlmsghdr) || head->nlmsg_len > datagram.size())
            return malformed;
        const base::bytes body = cut(datagram, head->nlmsg_len).subspan(sizeof(nlmsghdr));
        if (head->nlmsg_seq != sequence)
            continue;
        switch (head->nlmsg_type) {
        case NLMSG_NOOP:
            break;
        case NLMSG_DONE:
            return true;
        case NLMSG_ERROR:
            return take_error(body);
        case uapi::get_alg:
            if (const result<void> r = take_algorithm(body, out); !r)
                return r.error();
            if ((head->nlmsg_flags & NLM_F_MULTI) == 0)
                return true;
            break;
        default:
            return malformed;
        }
    }
    return false;
}

} // namespace kcapi::afalg
