// SPDX-License-Identifier: BSD-3-Clause
//
// The fake kernel's algorithms: how netlink and /proc/crypto show them, and the toy cipher itself.
#include "support/fake_kernel.hpp"

#include "afalg/uapi.h"

#include <linux/netlink.h>

#include <cstring>

namespace kcapi::test {

namespace {

namespace uapi = kcapi::afalg::uapi;

template <class T>
void append(byte_vector &to, const T &value) {
    const auto *p = reinterpret_cast<const std::uint8_t *>(&value);
    to.insert(to.end(), p, p + sizeof value);
}

template <class T>
void append_attribute(byte_vector &to, std::uint16_t type, const T &payload) {
    append(to, static_cast<std::uint16_t>(4 + sizeof payload));
    append(to, type);
    append(to, payload);
    to.resize((to.size() + 3) / 4 * 4);
}

void append_report(byte_vector &to, const alg::properties &p) {
    switch (p.type) {
    case alg::kind::skcipher: {
        uapi::report_skcipher r{};
        std::strcpy(r.type, "skcipher");
        std::strcpy(r.iv_generator, "<none>");
        r.block_size = p.block_size;
        r.min_key_size = p.min_key_size;
        r.max_key_size = p.max_key_size;
        r.iv_size = p.iv_size;
        append_attribute(to, uapi::attr_skcipher, r);
        break;
    }
    case alg::kind::aead: {
        uapi::report_aead r{};
        std::strcpy(r.type, "aead");
        r.block_size = p.block_size;
        r.max_tag_size = p.max_tag_size;
        r.iv_size = p.iv_size;
        append_attribute(to, uapi::attr_aead, r);
        break;
    }
    case alg::kind::hash: {
        uapi::report_hash r{};
        std::strcpy(r.type, "shash");
        r.block_size = p.block_size;
        r.digest_size = p.digest_size;
        append_attribute(to, uapi::attr_hash, r);
        break;
    }
    default: {
        uapi::report_rng r{};
        std::strcpy(r.type, "rng");
        r.seed_size = p.seed_size;
        append_attribute(to, uapi::attr_rng, r);
    }
    }
}

byte_vector message(std::uint16_t type, std::uint16_t flags, std::uint32_t sequence,
                    const byte_vector &body) {
    nlmsghdr head{};
    head.nlmsg_len = static_cast<std::uint32_t>(sizeof head + body.size());
    head.nlmsg_type = type;
    head.nlmsg_flags = flags;
    head.nlmsg_seq = sequence;
    head.nlmsg_pid = 4711;
    byte_vector all;
    append(all, head);
    all.insert(all.end(), body.begin(), body.end());
    return all;
}

} // namespace

toy_algorithm toy_cipher(std::string name, std::string driver, int priority, std::uint32_t block,
                         std::uint32_t chunk, std::uint32_t iv, bool chains) {
    toy_algorithm a;
    a.info.type = alg::kind::skcipher;
    a.info.name = std::move(name);
    a.info.driver_name = std::move(driver);
    a.info.priority = priority;
    a.info.block_size = block;
    a.info.chunk_size = chunk;
    a.info.iv_size = iv;
    a.info.min_key_size = 16;
    a.info.max_key_size = 32;
    a.chains = chains;
    return a;
}

byte_vector toy_crypt(bool encrypt, base::bytes iv, base::bytes data, std::uint64_t position) {
    byte_vector out(data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
        const std::uint64_t at = position + i;
        const auto mask =
            static_cast<std::uint8_t>((iv.empty() ? 0 : iv[at % iv.size()]) + at * 7 + (at >> 8));
        out[i] = static_cast<std::uint8_t>(encrypt ? (data[i] ^ mask) + 1 : (data[i] - 1) ^ mask);
    }
    return out;
}

byte_vector algorithm_message(const toy_algorithm &a, std::uint32_t sequence, bool multi) {
    uapi::user_alg body{};
    // Longer names come back cut, as the kernel cuts them.
    a.info.name.copy(body.name, sizeof body.name - 1);
    a.info.driver_name.copy(body.driver_name, sizeof body.driver_name - 1);
    std::strcpy(body.module_name, "kernel");
    body.references = 2;
    body.flags = (a.async ? uapi::flag_async : 0) | (a.tested ? uapi::flag_tested : 0) |
                 (a.internal ? uapi::flag_internal : 0) | (a.info.hardware ? uapi::flag_driver_only : 0) |
                 (a.allocates ? uapi::flag_allocates_memory : 0) | (a.instance ? uapi::flag_instance : 0) | 5;
    byte_vector all;
    append(all, body);
    append_attribute(all, uapi::attr_priority, static_cast<std::uint32_t>(a.info.priority));
    append_report(all, a.info);
    return message(uapi::get_alg, multi ? NLM_F_MULTI : 0, sequence, all);
}

byte_vector error_message(int code, std::uint32_t sequence) {
    byte_vector body;
    append(body, static_cast<std::int32_t>(-code));
    append(body, nlmsghdr{});
    return message(NLMSG_ERROR, 0, sequence, body);
}

byte_vector done_message(std::uint32_t sequence) {
    byte_vector body;
    append(body, std::int32_t{0});
    return message(NLMSG_DONE, NLM_F_MULTI, sequence, body);
}

std::string proc_text(const std::vector<toy_algorithm> &list) {
    std::string text;
    const auto line = [&](std::string field, const std::string &value) {
        field.resize(13, ' ');
        text += field + ": " + value + "\n";
    };
    const auto number = [&](const std::string &field, std::uint32_t value) {
        line(field, std::to_string(value));
    };
    for (const toy_algorithm &a : list) {
        line("name", a.info.name);
        line("driver", a.info.driver_name);
        line("module", "kernel");
        line("priority", std::to_string(a.info.priority));
        line("refcnt", "1");
        line("selftest", a.tested ? "passed" : "unknown");
        line("internal", a.internal ? "yes" : "no");
        line("type", a.info.type == alg::kind::hash ? "shash" : std::string(alg::kind_name(a.info.type)));
        if (a.info.type == alg::kind::skcipher || a.info.type == alg::kind::aead)
            line("async", a.async ? "yes" : "no");
        if (a.info.type != alg::kind::rng)
            number("blocksize", a.info.block_size);
        if (a.info.type == alg::kind::skcipher) {
            number("min keysize", a.info.min_key_size);
            number("max keysize", a.info.max_key_size);
            number("chunksize", a.info.chunk_size);
        }
        if (a.info.type == alg::kind::skcipher || a.info.type == alg::kind::aead)
            number("ivsize", a.info.iv_size);
        if (a.info.type == alg::kind::aead)
            number("maxauthsize", a.info.max_tag_size);
        if (a.info.type == alg::kind::hash)
            number("digestsize", a.info.digest_size);
        if (a.info.type == alg::kind::rng)
            number("seedsize", a.info.seed_size);
        text += "\n";
    }
    return text;
}

} // namespace kcapi::test
