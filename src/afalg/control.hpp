// SPDX-License-Identifier: BSD-3-Clause
//
// The header of a message as sendmsg takes it.
#pragma once

#include "alg/engine.hpp"
#include "base/secret.hpp"

#include <sys/socket.h>

#include <array>
#include <optional>

namespace kcapi::afalg {

/// The control data of one message: operation, IV, associated-data length, in this order. Wiped when done
/// with. Not movable: messages point into it.
class control_block {
  public:
    control_block() noexcept {}
    ~control_block() { base::wipe(fixed_.data(), used_ < fixed_.size() ? used_ : fixed_.size()); }
    control_block(const control_block &) = delete;
    control_block &operator=(const control_block &) = delete;

    /// Once per object. EINVAL for an IV longer than any, ENOMEM.
    [[nodiscard]] result<void> build(const alg::control &header) noexcept;
    void attach(msghdr &message) noexcept {
        message.msg_control = to_;
        message.msg_controllen = used_;
    }

  private:
    [[nodiscard]] result<void> make_room(std::size_t iv_size) noexcept;

    alignas(cmsghdr) std::array<std::uint8_t, 104> fixed_; // not initialised: only what was put is read
    std::optional<base::secret_buffer> large_;
    std::uint8_t *to_ = fixed_.data();
    std::size_t used_ = 0;
};

/// A message of these buffers, without header.
[[nodiscard]] inline msghdr message_of(base::iov_list list) noexcept {
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(list.data());
    message.msg_iovlen = list.size();
    return message;
}

} // namespace kcapi::afalg
