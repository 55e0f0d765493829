// SPDX-License-Identifier: BSD-3-Clause
//
// What the aead functions share.
#pragma once

#include "capi/handle.hpp"

#include <limits>

namespace kcapi::capi {

/// Makes the header of a handle's next message. `iv` NULL: none is sent.
[[nodiscard]] inline result<void> make_header(alg::control &header, const kcapi_handle &h, alg::op_code op,
                                              const std::uint8_t *iv) noexcept {
    const std::size_t assoc_len = h.assoc_len;
    if (assoc_len > std::numeric_limits<std::int32_t>::max())
        return error{EINVAL, "assoclen is above what the kernel takes"};
    header.op = op;
    header.assoc_len = static_cast<std::uint32_t>(assoc_len);
    if (iv != nullptr)
        header.iv = base::bytes(iv, h.session.transform().info().iv_size);
    return {};
}

} // namespace kcapi::capi
