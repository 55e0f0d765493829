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

} // namespace

/// One element: its head, a word, and room for `more` bytes behind that.
inline void control_block::put_word(int type, std::uint32_t word, std::size_t more) noexcept {
    constexpr std::uint64_t zeros = 0;
    const cmsghdr head{CMSG_LEN(sizeof word + more), uapi::sol_alg, type};
    const std::size_t end = used_ + CMSG_SPACE(sizeof word + more);
    std::uint8_t *const at = to_ + used_;
    // The kernel copies the padding at the end too.
    std::memcpy(to_ + end - sizeof zeros, &zeros, sizeof zeros);
    std::memcpy(at, &head, sizeof head);
    std::memcpy(at + CMSG_LEN(0), &word, sizeof word);
    used_ = end;
}

result<void> control_block::build(const alg::control &header) noexcept {
    const std::size_t iv_size = header.iv ? header.iv->size() : 0;
    if (iv_size > max_iv)
        return error{EINVAL, "ALG_SET_IV"};
    const std::size_t size = 2 * word_space + CMSG_SPACE(sizeof(std::uint32_t) + iv_size);
    if (size > fixed_.size()) {
        result<base::secret_buffer> large = base::secret_buffer::make(size);
        if (!large)
            return large.error();
        large_ = std::move(*large);
        to_ = large_.data();
    }
    put_word(uapi::set_op, static_cast<std::uint32_t>(header.op), 0);
    if (header.iv) {
        put_word(uapi::set_iv, static_cast<std::uint32_t>(iv_size), iv_size);
        if (iv_size != 0)
            std::memcpy(to_ + used_ - CMSG_ALIGN(sizeof(std::uint32_t) + iv_size) + sizeof(std::uint32_t),
                        header.iv->data(), iv_size);
    }
    if (header.assoc_len != 0)
        put_word(uapi::set_aead_assoclen, header.assoc_len, 0);
    return {};
}

} // namespace kcapi::afalg
