// SPDX-License-Identifier: BSD-3-Clause
//
// Messages for the calls that kcapi-speed times.
#pragma once

#include "handle.hpp"
#include "speed_plan.hpp"

#include <array>
#include <functional>
#include <memory>

namespace kcapi::tools {

/// One call of the library; what it returned.
using call = std::function<ssize_t()>;
using shared_handle = std::shared_ptr<handle>;

/// Any will do; its first byte is one that ccm takes.
inline constexpr std::array<std::uint8_t, 32> usual_iv{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3};

/// Bytes that are good for a key: no two parts of it are the same.
[[nodiscard]] std::vector<std::uint8_t> some_bytes(std::size_t n);

/// Messages one behind the other.
struct buffers {
    buffers(std::size_t in_size, std::size_t out_size, std::size_t messages);

    std::vector<std::uint8_t> in;
    std::vector<std::uint8_t> out;
    std::vector<iovec> in_vectors;
    std::vector<iovec> out_vectors;
};

/// How a message lies in its piece of the buffers: associated data first, the tag last.
struct message_form {
    std::size_t iv;
    std::size_t assoc;
    std::size_t tag;
    std::size_t out; ///< without associated data and tag
};

/// kcapi_ext_batch with a message for each piece of the buffers. The tag lies in `out` for encryption and in
/// `in` for decryption.
[[nodiscard]] call batch_call(const shared_handle &h, const std::shared_ptr<buffers> &b,
                              kcapi_ext_operation operation, const message_form &form);

} // namespace kcapi::tools
