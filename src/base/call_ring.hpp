// SPDX-License-Identifier: BSD-3-Clause
//
// Many sendmsg and recvmsg calls for one entry into the kernel, by io_uring. Beside sys a place where the
// library talks to the kernel; sys's rules hold here.
#pragma once

#include "base/sys.hpp"

#include <memory>
#include <span>

namespace kcapi::base {

/// One call. The message and all it points to must stay while it runs.
struct message_call {
    enum class kind : std::uint8_t { send, receive };
    kind what = kind::send;
    int fd = -1;
    msghdr *message = nullptr;
    int flags = 0;
    int outcome = 0; ///< bytes, or a negative errno
};

/// For one thread at a time, of the process that opened it.
class call_ring {
  public:
    static constexpr std::size_t capacity = 128;

    /// ENOSYS (no io_uring in this kernel or this build), EPERM (the system's policy), ENOMEM, EMFILE and
    /// what else io_uring_setup says.
    [[nodiscard]] static result<call_ring> open() noexcept;

    /// Makes at most `capacity` calls in their order. After one that fails the rest is not made: ECANCELED.
    /// Returns when all are done with, however long that takes. On failure none was made.
    [[nodiscard]] result<void> run(std::span<message_call> calls) noexcept;

    /// False in a child that inherited it.
    [[nodiscard]] bool made_here() const noexcept;

  private:
    struct state;
    struct closer {
        void operator()(state *s) const noexcept;
    };
    explicit call_ring(std::unique_ptr<state, closer> s) noexcept : state_(std::move(s)) {}

    std::unique_ptr<state, closer> state_;
};

} // namespace kcapi::base
