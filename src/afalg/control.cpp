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

} // namespace

result<void> control_block::build(const alg::control &header) noexcept {
    const std::size_t iv_size = header.iv ? header.iv->size() : 0;
    if (iv_size > max_iv)
        return error{EINVAL, "ALG_SET_IV"};
    const std::size_t size =
        2 * CMSG_SPACE(sizeof(std::uint32_t)) + CMSG_SPACE(sizeof(std::uint32_t) + iv_size);
    if (size > fixed_.size()) {
        result<base::secret_buffer> large = base::secret_buffer::make(size);
        if (!large)
            return large.error();
        large_ = std::move(*large);
        to_ = large_.data();
    }
    put(uapi::set_op, static_cast<std::uint32_t>(header.op), {});
    if (header.iv)
        put(uapi::set_iv, static_cast<std::uint32_t>(iv_size), *header.iv);
    if (header.assoc_len != 0)
        put(uapi::set_aead_assoclen, header.assoc_len, {});
    return {};
}

void control_block::put(int type, std::uint32_t word, base::bytes more) noexcept {
    cmsghdr head{};
    head.cmsg_len = CMSG_LEN(sizeof word + more.size());
    head.cmsg_level = uapi::sol_alg;
    head.cmsg_type = type;
    std::uint8_t *at = to_ + used_;
    std::memcpy(at, &head, sizeof head);
    std::memcpy(at + CMSG_LEN(0), &word, sizeof word);
    if (!more.empty())
        std::memcpy(at + CMSG_LEN(sizeof word), more.data(), more.size());
    used_ += CMSG_SPACE(sizeof word + more.size());
}

} // namespace kcapi::afalg
