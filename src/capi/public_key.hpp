// SPDX-License-Identifier: BSD-3-Clause
//
// What the functions of akcipher and kpp share: setting parameters, and complete messages.
#pragma once

#include "capi/stream.hpp"

namespace kcapi::capi {

/// Sets a parameter; the result is the size of the largest output.
[[nodiscard]] ssize_t set_parameter(kcapi_handle *handle, alg::kind family, alg::parameter what,
                                    const std::uint8_t *value, std::size_t size) noexcept;

/// One message. Where `takes_input` is false there is none to check. The result is the size of the output,
/// which is never 0: 0 could be taken for a verification that had no objection.
[[nodiscard]] ssize_t process(kcapi_handle *handle, alg::kind family, alg::op_code op, base::bytes in,
                              bool takes_input, base::mutable_bytes out, int access) noexcept;

/// Messages independent of each other. All are processed, also after one that fails; then the first failure
/// is returned, or the sum of the outputs. `in` is null for an operation without input.
[[nodiscard]] ssize_t process_each(kcapi_handle *handle, alg::kind family, alg::op_code op, const iovec *in,
                                   bool takes_input, const iovec *out, std::size_t n, int access) noexcept;

} // namespace kcapi::capi
