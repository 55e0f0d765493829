// SPDX-License-Identifier: BSD-3-Clause
//
// The way of the most frequent message: one buffer each way, nothing that it depends on, and surely room for
// it. One send and one receive bring it, and little of our own comes on top of what they cost.
#pragma once

#include "afalg/afalg.hpp"

#include <algorithm>

namespace kcapi::afalg {

/// Whether a header says everything that an op would otherwise carry on from the message before. A hash
/// carries nothing on.
[[nodiscard]] inline bool names_state(const alg::control *header, const alg::properties &info) noexcept {
    return info.type == alg::kind::hash || (header != nullptr && (header->iv || info.iv_size == 0));
}

/// What such a message yields; 0 for any other. `whole` is what goes into an op and out of it at once.
[[nodiscard]] inline std::size_t straight_output(const alg::request &message, const alg::properties &info,
                                                 std::size_t tag_size, std::size_t whole) noexcept {
    if (message.in.size() != 1 || message.out.size() != 1 || message.how == alg::transfer::splice)
        return 0;
    const std::size_t in = message.in.front().iov_len;
    const std::size_t out = message.out.front().iov_len;
    if (in - 1 >= whole || !names_state(message.header, info))
        return 0;
    switch (info.type) {
    case alg::kind::skcipher:
        return in <= out ? in : 0;
    case alg::kind::hash:
        return std::min<std::size_t>(out, info.digest_size);
    case alg::kind::aead: {
        const bool encrypts = message.header->op == alg::op_code::encrypt;
        if (in < message.header->assoc_len + (encrypts ? 0 : tag_size))
            return 0;
        const std::size_t output = encrypts ? in + tag_size : in - tag_size;
        return output <= out && output <= whole ? output : 0;
    }
    default:
        return 0;
    }
}

// crypt.cpp

/// Such a message of a skcipher or an aead.
struct straight_job {
    int fd;
    const alg::request &message;
    std::size_t output;
    alg::kind type;
    bool chains;
};
/// run for it. The op that a failure leaves was never told that more follows.
[[nodiscard]] result<std::size_t> run_straight(const straight_job &j);

// digest.cpp

/// run_digest for it, a hash's.
[[nodiscard]] result<std::size_t> run_straight_digest(int fd, const alg::request &message,
                                                      std::size_t output);

} // namespace kcapi::afalg
