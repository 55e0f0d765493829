// SPDX-License-Identifier: BSD-3-Clause
#include "base/call_ring.hpp"

#ifdef KCAPI_IO_URING
#include <liburing.h>
#endif

#include <unistd.h>

#include <cerrno>
#include <new>

namespace kcapi::base {

#ifdef KCAPI_IO_URING

struct call_ring::state {
    io_uring ring{};
    ::pid_t owner = 0;
};

void call_ring::closer::operator()(state *s) const noexcept {
    ::io_uring_queue_exit(&s->ring);
    delete s;
}

result<call_ring> call_ring::open() noexcept {
    std::unique_ptr<state> made(new (std::nothrow) state);
    if (made == nullptr)
        return error{ENOMEM, "io_uring"};
    // The descriptor is close-on-exec from birth.
    const int r = ::io_uring_queue_init(capacity, &made->ring, 0);
    if (r < 0)
        return error{-r, "io_uring_setup"};
    made->owner = ::getpid();
    return call_ring(std::unique_ptr<state, closer>(made.release()));
}

bool call_ring::made_here() const noexcept { return state_ != nullptr && state_->owner == ::getpid(); }

result<void> call_ring::run(std::span<message_call> calls) noexcept {
    if (calls.size() > capacity || !made_here())
        return error{EINVAL, "io_uring: not a ring for these calls"};
    io_uring &ring = state_->ring;
    for (message_call &c : calls) {
        io_uring_sqe *const entry = ::io_uring_get_sqe(&ring);
        const unsigned flags = static_cast<unsigned>(c.flags) | MSG_NOSIGNAL;
        if (c.what == message_call::kind::send)
            ::io_uring_prep_sendmsg(entry, c.fd, c.message, flags);
        else if (c.message->msg_iovlen == 1)
            // The same for one buffer, and there is no message header to copy.
            ::io_uring_prep_recv(entry, c.fd, c.message->msg_iov->iov_base, c.message->msg_iov->iov_len,
                                 static_cast<int>(flags));
        else
            ::io_uring_prep_recvmsg(entry, c.fd, c.message, flags);
        if (&c != &calls.back())
            entry->flags |= IOSQE_IO_LINK;
        ::io_uring_sqe_set_data(entry, &c);
        c.outcome = -ECANCELED;
    }
    const int submitted = ::io_uring_submit(&ring);
    std::size_t left = submitted > 0 ? static_cast<std::size_t>(submitted) : 0;
    const bool complete = left == calls.size();
    while (left != 0) {
        io_uring_cqe *answer = nullptr;
        const int r = ::io_uring_wait_cqe(&ring, &answer);
        if (r == -EINTR)
            continue;
        if (r != 0)
            break;
        static_cast<message_call *>(::io_uring_cqe_get_data(answer))->outcome = answer->res;
        ::io_uring_cqe_seen(&ring, answer);
        --left;
    }
    // Entries that the kernel did not take would go out with the next calls.
    if (!complete || left != 0)
        state_.reset();
    if (submitted <= 0 && !calls.empty())
        return error{submitted == 0 ? EIO : -submitted, "io_uring_enter"};
    return {};
}

#else

struct call_ring::state {};

void call_ring::closer::operator()(state *s) const noexcept { delete s; }
result<call_ring> call_ring::open() noexcept { return error{ENOSYS, "this build has no io_uring"}; }
bool call_ring::made_here() const noexcept { return false; }
result<void> call_ring::run(std::span<message_call>) noexcept { return error{ENOSYS, "io_uring"}; }

#endif

} // namespace kcapi::base
