// SPDX-License-Identifier: BSD-3-Clause
//
// What the functions that give a message digest check alike, before anything is sent: a digest of data whose
// result had nowhere to go would stay in the hash.
#pragma once

#include "alg/engine.hpp"

#include <cerrno>
#include <climits>

namespace kcapi::capi {

[[nodiscard]] inline result<base::bytes> hash_input(const std::uint8_t *in, std::size_t length) noexcept {
    if (length > INT_MAX)
        return error{EMSGSIZE, "md: the length is above INT_MAX"};
    if (in == nullptr && length != 0)
        return error{EFAULT, "NULL buffer with a length"};
    return base::bytes(in, length);
}

/// Room for a digest, no more than it needs.
[[nodiscard]] inline result<base::mutable_bytes> hash_output(std::uint8_t *out, std::size_t length,
                                                             std::uint32_t digest_size) noexcept {
    if (out == nullptr || length == 0)
        return error{EINVAL, "md: no buffer for the digest"};
    return base::mutable_bytes(out, std::min<std::size_t>(length, digest_size));
}

} // namespace kcapi::capi
