// SPDX-License-Identifier: BSD-3-Clause
#include "preload/control.hpp"

#include <linux/if_alg.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace kcapi::preload {

namespace {

constexpr error malformed{EINVAL, "control message"};

result<std::uint32_t> number(base::bytes payload) noexcept {
    std::uint32_t value = 0;
    if (payload.size() < sizeof value)
        return malformed;
    std::memcpy(&value, payload.data(), sizeof value);
    return value;
}

result<void> apply(int type, base::bytes payload, alg::control &out) noexcept {
    const result<std::uint32_t> value = number(payload);
    if (!value)
        return value.error();
    switch (type) {
    case ALG_SET_OP:
        out.op = static_cast<alg::op_code>(*value);
        return {};
    case ALG_SET_AEAD_ASSOCLEN:
        if (*value > INT32_MAX)
            return malformed;
        out.assoc_len = *value;
        return {};
    case ALG_SET_IV:
        if (payload.size() - sizeof *value < *value)
            return malformed;
        out.iv = payload.subspan(sizeof *value, *value);
        return {};
    default:
        return malformed;
    }
}

} // namespace

result<alg::control> parse_control(base::bytes data) noexcept {
    alg::control out;
    while (data.size() >= sizeof(cmsghdr)) {
        cmsghdr head;
        std::memcpy(&head, data.data(), sizeof head);
        if (head.cmsg_len < sizeof head || head.cmsg_len > data.size())
            return malformed;
        if (head.cmsg_level == SOL_ALG) {
            const base::bytes payload = data.subspan(CMSG_LEN(0), head.cmsg_len - CMSG_LEN(0));
            if (const result<void> r = apply(head.cmsg_type, payload, out); !r)
                return r.error();
        }
        data = data.subspan(std::min(CMSG_ALIGN(head.cmsg_len), data.size()));
    }
    return out;
}

} // namespace kcapi::preload
