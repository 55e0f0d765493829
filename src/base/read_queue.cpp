// SPDX-License-Identifier: BSD-3-Clause
#include "base/read_queue.hpp"

#include <linux/aio_abi.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace kcapi::base {

namespace {

/// A call's value, or its errno as a negative number; the thread's errno is left as found.
template <class... Arguments>
long call(long number, Arguments... arguments) noexcept {
    const int saved_errno = errno;
    const long r = ::syscall(number, arguments...);
    const long value = r < 0 ? -errno : r;
    errno = saved_errno;
    return value;
}

} // namespace

result<read_queue> read_queue::open() noexcept {
    aio_context_t context = 0;
    if (const long r = call(SYS_io_setup, static_cast<unsigned>(capacity), &context); r < 0)
        return error{static_cast<int>(-r), "io_setup"};
    return read_queue(context, ::getpid());
}

read_queue::read_queue(read_queue &&other) noexcept
    : context_(std::exchange(other.context_, 0)), owner_(other.owner_) {}

read_queue::~read_queue() {
    if (context_ != 0 && made_here())
        (void)call(SYS_io_destroy, context_);
}

bool read_queue::made_here() const noexcept { return owner_ == ::getpid(); }

result<void> read_queue::run(std::span<read_call> calls) noexcept {
    if (calls.size() > capacity)
        return error{EINVAL, "io_submit: too many calls"};
    iocb blocks[capacity]{};
    iocb *list[capacity];
    for (std::size_t i = 0; i < calls.size(); ++i) {
        blocks[i].aio_data = i;
        blocks[i].aio_lio_opcode = IOCB_CMD_PREADV;
        blocks[i].aio_fildes = static_cast<std::uint32_t>(calls[i].fd);
        blocks[i].aio_buf = reinterpret_cast<std::uintptr_t>(calls[i].to.data());
        blocks[i].aio_nbytes = calls[i].to.size();
        list[i] = &blocks[i];
        calls[i].outcome = -EINPROGRESS;
    }
    std::size_t submitted = 0;
    std::size_t refused = 0;
    while (submitted + refused < calls.size()) {
        const std::size_t next = submitted + refused;
        const long r = call(SYS_io_submit, context_, static_cast<long>(calls.size() - next), list + next);
        if (r > 0) {
            submitted += static_cast<std::size_t>(r);
        } else if (submitted == 0 && refused == 0) {
            return error{r == 0 ? EIO : static_cast<int>(-r), "io_submit"};
        } else {
            // The first of the rest is what was refused.
            calls[next].outcome = r == 0 ? -EIO : r;
            ++refused;
        }
    }
    std::size_t collected = 0;
    io_event events[capacity];
    while (collected < submitted) {
        const long r = call(SYS_io_getevents, context_, static_cast<long>(submitted - collected),
                            static_cast<long>(submitted - collected), events, nullptr);
        for (long i = 0; i < r; ++i)
            calls[events[i].data].outcome = static_cast<long>(events[i].res);
        if (r > 0)
            collected += static_cast<std::size_t>(r);
        else if (r != -EINTR)
            break; // A context that answers nothing any more: what is left stays "in progress".
    }
    return {};
}

} // namespace kcapi::base
