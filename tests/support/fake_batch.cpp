// SPDX-License-Identifier: BSD-3-Clause
//
// base/call_ring and base/read_queue over the calls of fake_sys.cpp.
#include "base/call_ring.hpp"
#include "base/read_queue.hpp"
#include "support/fake_sys.hpp"

#include <cerrno>

namespace kcapi::base {

namespace {

int outcome_of(const result<std::size_t> &r) noexcept { return r ? static_cast<int>(*r) : -r.error().code; }

} // namespace

struct call_ring::state {};

void call_ring::closer::operator()(state *s) const noexcept { delete s; }

result<call_ring> call_ring::open() noexcept {
    if (const int code = test::planned("io_uring_setup"); code != 0)
        return error{code, "io_uring_setup"};
    return call_ring(std::unique_ptr<state, closer>(new state));
}

bool call_ring::made_here() const noexcept { return state_ != nullptr; }

result<void> call_ring::run(std::span<message_call> calls) noexcept {
    if (const int code = test::planned("io_uring_enter"); code != 0) {
        state_.reset();
        return error{code, "io_uring_enter"};
    }
    bool failed = false;
    for (message_call &c : calls) {
        if (failed)
            c.outcome = -ECANCELED;
        else if (c.what == message_call::kind::send)
            c.outcome = outcome_of(sys::sendmsg(c.fd, *c.message, c.flags));
        else
            c.outcome = outcome_of(sys::recvmsg(c.fd, *c.message, c.flags));
        failed = c.outcome < 0;
    }
    return {};
}

result<read_queue> read_queue::open() noexcept {
    if (const int code = test::planned("io_setup"); code != 0)
        return error{code, "io_setup"};
    return read_queue(1, 0);
}

read_queue::read_queue(read_queue &&other) noexcept
    : context_(std::exchange(other.context_, 0)), owner_(other.owner_) {}

read_queue::~read_queue() = default;

bool read_queue::made_here() const noexcept { return context_ != 0; }

result<void> read_queue::run(std::span<read_call> calls) noexcept {
    if (const int code = test::planned("io_submit"); code != 0)
        return error{code, "io_submit"};
    for (read_call &c : calls) {
        msghdr message{};
        message.msg_iov = const_cast<iovec *>(c.to.data());
        message.msg_iovlen = c.to.size();
        // No MSG_DONTWAIT: so reads are, and none may have to wait.
        c.outcome = outcome_of(sys::recvmsg(c.fd, message, 0));
    }
    return {};
}

} // namespace kcapi::base
