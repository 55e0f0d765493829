// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/listing.hpp"
#include "afalg/uapi.h"

#include <linux/netlink.h>

#include <cerrno>
#include <climits>
#include <cstring>

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

struct attributes {
    std::optional<std::int32_t> priority;
    std::optional<alg::kind> type;
};

/// The kind is in the attribute's number and once more in its text: both must agree.
template <class Report>
std::optional<Report> read_report(base::bytes payload, std::initializer_list<std::string_view> types) {
    const std::optional<Report> report = read<Report>(payload);
    if (!report)
        return std::nullopt;
    const std::optional<std::string> type = text(report->type);
    for (const std::string_view known : types)
        if (type && *type == known)
            return report;
    return std::nullopt;
}

/// False if the report does not fit its attribute.
bool take_report(std::uint16_t type, base::bytes payload, alg::properties &info) {
    switch (type) {
    case uapi::attr_hash:
        if (const auto r = read_report<uapi::report_hash>(payload, {"shash", "ahash"})) {
            info.type = alg::kind::hash;
            info.block_size = r->block_size;
            info.digest_size = r->digest_size;
            return r->block_size != 0;
        }
        return false;
    case uapi::attr_skcipher:
        if (const auto r = read_report<uapi::report_skcipher>(payload, {"skcipher", "lskcipher"})) {
            info.type = alg::kind::skcipher;
            info.block_size = r->block_size;
            info.iv_size = r->iv_size;
            info.min_key_size = r->min_key_size;
            info.max_key_size = r->max_key_size;
            return r->block_size != 0 && r->min_key_size <= r->max_key_size;
        }
        return false;
    case uapi::attr_aead:
        if (const auto r = read_report<uapi::report_aead>(payload, {"aead"})) {
            info.type = alg::kind::aead;
            info.block_size = r->block_size;
            info.iv_size = r->iv_size;
            info.max_tag_size = r->max_tag_size;
            return r->block_size != 0;
        }
        return false;
    default:
        if (const auto r = read_report<uapi::report_rng>(payload, {"rng"})) {
            info.type = alg::kind::rng;
            info.seed_size = r->seed_size;
            return true;
        }
        return false;
    }
}

constexpr bool is_report(std::uint16_t type) noexcept {
    return type == uapi::attr_hash || type == uapi::attr_skcipher || type == uapi::attr_aead ||
           type == uapi::attr_rng;
}

bool sizes_are_sane(const alg::properties &info) noexcept {
    for (const std::uint32_t size : {info.block_size, info.iv_size, info.max_key_size, info.max_tag_size,
                                     info.digest_size, info.seed_size})
        if (size > max_size)
            return false;
    return true;
}

/// The attributes behind the body. Of each kind the first counts. False if they do not add up.
bool take_attributes(base::bytes rest, alg::properties &info, bool &reported) {
    bool prioritised = false;
    while (!rest.empty()) {
        const std::optional<attribute> head = read<attribute>(rest);
        if (!head || head->length < sizeof(attribute) || head->length > rest.size())
            return false;
        const base::bytes payload = cut(rest, head->length).subspan(sizeof(attribute));
        if (head->type == uapi::attr_priority && !prioritised) {
            const auto priority = read<std::uint32_t>(payload);
            if (!priority || *priority > INT_MAX)
                return false;
            info.priority = static_cast<int>(*priority);
            prioritised = true;
        } else if (is_report(head->type) && !reported) {
            if (!take_report(head->type, payload, info))
                return false;
            reported = true;
        }
    }
    return true;
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
    record r;
    bool reported = false;
    if (!take_attributes(body.subspan(sizeof(uapi::user_alg)), r.info, reported) || !sizes_are_sane(r.info))
        return malformed;
    if (!reported)
        return {};
    r.info.name = std::move(*name);
    r.info.driver_name = std::move(*driver_name);
    r.info.hardware = (header->flags & uapi::flag_driver_only) != 0;
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
