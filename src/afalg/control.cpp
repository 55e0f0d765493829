// SPDX-License-Identifier: BSD-3-Clause
#include "afalg/control.hpp"

#include "afalg/uapi.h"

#include <cerrno>
#include <cstring>

namespace kcapi::afalg {

namespace {

/// No mode has an IV near this. A longer one is refused here, by the number the kernel would give for its
/// size.
constexpr std::size_t max_iv = 4096;

constexpr std::size_t word_space = CMSG_SPACE(sizeof(std::uint32_t));

/// One element: its head, a word, and room for `more` bytes behind that. Returns where the next one goes.
[[gnu::always_inline]] inline std::uint8_t *put_word(std::uint8_t *at, int type, std::uint32_t word,
                                                     std::size_t more) noexcept {
    constexpr std::uint64_t zeros = 0;
    const cmsghdr head{CMSG_LEN(sizeof word + more), uapi::sol_alg, type};
    std::uint8_t *const end = at + CMSG_SPACE(sizeof word + more);
    // The kernel copies the padding at the end too.
    std::memcpy(end - sizeof zeros, &zeros, sizeof zeros);
    std::memcpy(at, &head, sizeof head);
    std::memcpy(at + CMSG_LEN(0), &word, sizeof word);
    return end;
}

} // namespace

result<void> control_block::make_room(std::size_t iv_size) noexcept {
    if (iv_size > max_iv)
        return error{EINVAL, "ALG_SET_IV"};
    result<base::secret_buffer> large =
        base::secret_buffer::make(2 * word_space + CMSG_SPACE(sizeof(std::uint32_t) + iv_size));
    if (!large)
        return large.error();
    large_ = std::move(*large);
    to_ = large_->data();
    return {};
}

result<void> control_block::build(const alg::control &header) noexcept {
    constexpr std::size_t word = sizeof(std::uint32_t);
    constexpr std::size_t usual_iv = 32;
    static_assert(2 * word_space + CMSG_SPACE(word + usual_iv) <= sizeof fixed_);
    if (header.iv && header.iv->size() > usual_iv)
        if (const result<void> r = make_room(header.iv->size()); !r)
            return r;
    std::uint8_t *at = put_word(to_, uapi::set_op, static_cast<std::uint32_t>(header.op), 0);
    if (header.iv) {
        const base::bytes iv = *header.iv;
        std::uint8_t *const next =
            put_word(at, uapi::set_iv, static_cast<std::uint32_t>(iv.size()), iv.size());
        if (!iv.empty())
            std::memcpy(at + CMSG_LEN(word), iv.data(), iv.size());
        at = next;
    }
    if (header.assoc_len != 0)
        at = put_word(at, uapi::set_aead_assoclen, header.assoc_len, 0);
    used_ = static_cast<std::size_t>(at - to_);
    return {};
}

} // namespace kcapi::afalg
