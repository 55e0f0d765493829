// SPDX-License-Identifier: BSD-3-Clause
#include "preload/aio.hpp"

#include "preload/memory.hpp"
#include "preload/message.hpp"
#include "preload/next.hpp"
#include "preload/readiness.hpp"
#include "preload/serving.hpp"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <vector>

namespace kcapi::preload::aio {

namespace {

/// What the kernel's event, or its next submission, has to say of a request.
struct outcome {
    long context;
    const iocb *request;
    long result;
    bool submitted; ///< false: the context had no room, so the request will come again
};

std::mutex guard;
std::vector<outcome> outcomes;
std::atomic<std::size_t> waiting{0};

void remember(const outcome &o) {
    const std::lock_guard lock(guard);
    outcomes.push_back(o);
    waiting.store(outcomes.size(), std::memory_order_release);
}

std::optional<long> recall(long context, const iocb *request, bool submitted) noexcept {
    if (waiting.load(std::memory_order_acquire) == 0)
        return std::nullopt;
    const std::lock_guard lock(guard);
    const auto at = std::find_if(outcomes.begin(), outcomes.end(), [&](const outcome &o) {
        return o.context == context && o.request == request && o.submitted == submitted;
    });
    if (at == outcomes.end())
        return std::nullopt;
    const long result = at->result;
    outcomes.erase(at);
    waiting.store(outcomes.size(), std::memory_order_release);
    return result;
}

bool is_transfer(const iocb &r) noexcept {
    return r.aio_lio_opcode == IOCB_CMD_PREAD || r.aio_lio_opcode == IOCB_CMD_PWRITE ||
           r.aio_lio_opcode == IOCB_CMD_PREADV || r.aio_lio_opcode == IOCB_CMD_PWRITEV;
}

long receive(int fd, description &d, const buffers &to, int flags) {
    if (to.error() != 0)
        return -to.error();
    return to.length() == 0 ? 0 : receive_message(fd, d, to.list(), flags);
}

long send(int fd, description &d, const buffers &from, int flags) {
    return from.error() != 0 ? -from.error() : send_message(fd, d, from.list(), {}, flags);
}

long serve(int fd, description &d, const iocb &r) {
    if (r.aio_offset != 0)
        return -ESPIPE;
    const int flags = (r.aio_rw_flags & RWF_NOWAIT) != 0 ? MSG_DONTWAIT : 0;
    auto *const data = reinterpret_cast<void *>(r.aio_buf);
    const auto *const list = static_cast<const iovec *>(data);
    const auto size = static_cast<std::size_t>(r.aio_nbytes);
    const bool scattered = r.aio_lio_opcode == IOCB_CMD_PREADV || r.aio_lio_opcode == IOCB_CMD_PWRITEV;
    if (scattered && size > buffers::max_count)
        return -EINVAL;
    switch (r.aio_lio_opcode) {
    case IOCB_CMD_PREAD:
        return receive(fd, d, {data, size, access::write, most_output(d)}, flags);
    case IOCB_CMD_PREADV:
        return receive(fd, d, {list, size, access::write, most_output(d)}, flags);
    case IOCB_CMD_PWRITE:
        return send(fd, d, {data, size, access::read}, flags);
    default:
        return send(fd, d, {list, size, access::read}, flags);
    }
}

/// /dev/null, for as long as one io_submit takes.
class sink {
  public:
    sink() = default;
    ~sink() {
        if (fd_ >= 0)
            (void)next::raw(SYS_close, fd_);
    }
    sink(const sink &) = delete;
    sink &operator=(const sink &) = delete;
    [[nodiscard]] long get() noexcept {
        if (fd_ < 0)
            fd_ = next::raw(SYS_openat, AT_FDCWD, reinterpret_cast<long>("/dev/null"), O_WRONLY | O_CLOEXEC);
        return fd_;
    }

  private:
    long fd_ = -1;
};

/// Has the kernel complete the request `at` with the value of `result`. 1, or a negative errno.
long hand_in(long context, iocb *at, long result, sink &to) {
    const long fd = to.get();
    if (fd < 0)
        return -EAGAIN;
    const iocb asked = *at;
    // The event names the address of the request, so the request itself has to say what to do instead.
    at->aio_lio_opcode = IOCB_CMD_PWRITE;
    at->aio_fildes = static_cast<std::uint32_t>(fd);
    at->aio_buf = reinterpret_cast<std::uintptr_t>(at);
    at->aio_nbytes = static_cast<std::uint64_t>(std::max(result, 0L));
    at->aio_offset = 0;
    at->aio_rw_flags = 0;
    if (result < 0)
        remember({context, at, result, true});
    const long r = next::raw(SYS_io_submit, context, 1, reinterpret_cast<long>(&at));
    at->aio_lio_opcode = asked.aio_lio_opcode;
    at->aio_fildes = asked.aio_fildes;
    at->aio_buf = asked.aio_buf;
    at->aio_nbytes = asked.aio_nbytes;
    at->aio_offset = asked.aio_offset;
    at->aio_rw_flags = asked.aio_rw_flags;
    if (r == 1)
        return r;
    if (result < 0)
        (void)recall(context, at, true);
    if (r == -EAGAIN)
        remember({context, at, result, false});
    return r;
}

long submit_one(long context, iocb *at, sink &to) {
    if (!can_write(at))
        return -EFAULT;
    const int fd = static_cast<int>(at->aio_fildes);
    const held d = table::find(fd);
    if (d && at->aio_lio_opcode == IOCB_CMD_POLL)
        readiness::watch(fd);
    if (!d || !is_transfer(*at) || d->is(role::netlink))
        return next::raw(SYS_io_submit, context, 1, reinterpret_cast<long>(&at));
    const std::optional<long> before = recall(context, at, false);
    const long result = before ? *before : serve(fd, *d, *at);
    trace::line("io_submit", fd, at->aio_lio_opcode == IOCB_CMD_PREAD ? ", pread" : "", result);
    return hand_in(context, at, result, to);
}

} // namespace

long submit(long context, long count, iocb **list) {
    if (count < 0)
        return -EINVAL;
    sink to;
    for (long i = 0; i < count; ++i) {
        const long r = can_read(&list[i]) ? submit_one(context, list[i], to) : -EFAULT;
        if (r != 1)
            return i != 0 ? i : r;
    }
    return count;
}

void complete(long context, io_event *events, long count) noexcept {
    for (long i = 0; i < count && waiting.load(std::memory_order_acquire) != 0; ++i)
        if (events[i].res == 0)
            if (const auto result = recall(context, reinterpret_cast<const iocb *>(events[i].obj), true))
                events[i].res = *result;
}

void forget(long context) noexcept {
    if (waiting.load(std::memory_order_acquire) == 0)
        return;
    const std::lock_guard lock(guard);
    std::erase_if(outcomes, [&](const outcome &o) { return o.context == context; });
    waiting.store(outcomes.size(), std::memory_order_release);
}

} // namespace kcapi::preload::aio
