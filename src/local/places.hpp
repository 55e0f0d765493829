// SPDX-License-Identifier: BSD-3-Clause
//
// Where a pass stands that begins in the middle of a message, for the modes that can say (skcipher_context::
// move_to): `offset` is a multiple of the block, `in` the message.
#pragma once

#include "local/counter128.hpp"
#include "local/driver.hpp"

namespace kcapi::local {

/// CTR with a counter of 16 bytes.
inline int counter_place(chain &c, std::size_t offset) noexcept {
    auto at = counter128::load(c.iv.data());
    at.pass(offset);
    at.leave_in(c);
    return 0;
}

/// CBC with blocks of `block` bytes: decryption needs the ciphertext before it, encryption the work before
/// it.
inline int cbc_place(direction d, chain &c, const std::uint8_t *in, std::size_t offset,
                     std::size_t block) noexcept {
    if (d == direction::encrypt)
        return EOPNOTSUPP;
    if (offset != 0)
        c.set({in + offset - block, block});
    return 0;
}

} // namespace kcapi::local
