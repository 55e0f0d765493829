// SPDX-License-Identifier: BSD-3-Clause
#include "preload/splicing.hpp"

#include "preload/memory.hpp"
#include "preload/message.hpp"
#include "preload/next.hpp"

#include "base/secret.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>

namespace kcapi::preload {

namespace {

/// Sixteen pages: what the kernel moves at a time.
constexpr std::size_t step_size = 65536;

/// A pipe for a copy of what is in another one, so that only what was sent is taken out of that.
class side_pipe {
  public:
    side_pipe() noexcept {
        status_ = next::raw(SYS_pipe2, reinterpret_cast<long>(ends_), O_CLOEXEC | O_NONBLOCK);
    }
    ~side_pipe() {
        if (status_ == 0)
            for (const int end : ends_)
                (void)next::raw(SYS_close, end);
    }
    side_pipe(const side_pipe &) = delete;
    side_pipe &operator=(const side_pipe &) = delete;

    /// Reads up to `size` bytes that stay in `pipe`.
    [[nodiscard]] long look(int pipe, std::uint8_t *to, std::size_t size) noexcept {
        if (status_ != 0)
            return status_;
        const long n = next::raw(SYS_tee, pipe, ends_[1], static_cast<long>(size), SPLICE_F_NONBLOCK);
        return n <= 0 ? n : next::raw(SYS_read, ends_[0], reinterpret_cast<long>(to), n);
    }

  private:
    int ends_[2] = {-1, -1};
    long status_;
};

long queued(int pipe) noexcept {
    int n = 0;
    const long r = next::raw(SYS_ioctl, pipe, FIONREAD, reinterpret_cast<long>(&n));
    return r < 0 ? r : n;
}

/// 1 when the pipe has something (or its other end is closed), else a negative errno.
long wait_for(int pipe, short events, bool waits) noexcept {
    pollfd one{pipe, events, 0};
    const timespec no_time{};
    const long r =
        next::raw(SYS_ppoll, reinterpret_cast<long>(&one), 1, waits ? 0 : reinterpret_cast<long>(&no_time));
    return r == 0 ? -EAGAIN : r;
}

bool is_pipe(int fd) noexcept { return next::raw(SYS_fcntl, fd, F_GETPIPE_SZ) >= 0; }

bool nonblocking(int fd) noexcept { return (next::raw(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK) != 0; }

long send_step(int fd, description &to, const std::uint8_t *data, std::size_t size, bool more) {
    return send_bytes(fd, to, data, size, more ? MSG_MORE : 0);
}

struct workspace {
    result<base::secret_buffer> memory = base::secret_buffer::make(step_size);
    [[nodiscard]] bool missing() const noexcept { return !memory; }
    [[nodiscard]] std::uint8_t *data() noexcept { return memory->data(); }
};

void discard(int pipe, std::uint8_t *scratch, long size) noexcept {
    while (size > 0) {
        const long n =
            next::raw(SYS_read, pipe, reinterpret_cast<long>(scratch), std::min<long>(size, step_size));
        if (n <= 0)
            return;
        size -= n;
    }
}

} // namespace

long splice_from_pipe(int pipe, int fd, description &to, std::size_t size, unsigned flags) {
    if (!is_pipe(pipe))
        return -EINVAL;
    if (!to.is(role::operation))
        return -EOPNOTSUPP;
    workspace space;
    side_pipe side;
    if (space.missing())
        return -ENOMEM;
    const bool waits = (flags & SPLICE_F_NONBLOCK) == 0 && !nonblocking(pipe);
    long total = 0;
    while (static_cast<std::size_t>(total) < size) {
        const long there = queued(pipe);
        if (there < 0)
            return total != 0 ? total : there;
        if (there == 0) {
            if (total != 0)
                return total;
            if (const long r = wait_for(pipe, POLLIN, waits); r < 0)
                return r;
            if (queued(pipe) == 0)
                return 0; // Nobody is left who could write.
            continue;
        }
        const std::size_t left = size - static_cast<std::size_t>(total);
        const long seen = side.look(pipe, space.data(), std::min(left, step_size));
        if (seen <= 0)
            return total != 0 ? total : seen;
        const bool goes_on = static_cast<std::size_t>(seen) < left && seen < there;
        const long sent = send_step(fd, to, space.data(), static_cast<std::size_t>(seen),
                                    goes_on || (flags & SPLICE_F_MORE) != 0);
        if (sent < 0)
            return total != 0 ? total : sent;
        discard(pipe, space.data(), sent);
        total += sent;
        if (sent < seen)
            return total;
    }
    return total;
}

long splice_to_pipe(int fd, description &from, int pipe, std::size_t size, unsigned flags) {
    if (!is_pipe(pipe))
        return -EINVAL;
    if (const long r = wait_for(pipe, POLLOUT, (flags & SPLICE_F_NONBLOCK) == 0 && !nonblocking(pipe)); r < 0)
        return r;
    constexpr long page = 4096;
    const long room = next::raw(SYS_fcntl, pipe, F_GETPIPE_SZ) - (queued(pipe) + page - 1) / page * page;
    const std::size_t most =
        std::min({size, static_cast<std::size_t>(std::max(room, page)), most_output(from)});
    result<base::secret_buffer> memory = base::secret_buffer::make(most);
    if (!memory)
        return -ENOMEM;
    const long n = receive_bytes(fd, from, memory->data(), most, 0);
    if (n <= 0)
        return n;
    return next::raw(SYS_write, pipe, reinterpret_cast<long>(memory->data()), n);
}

namespace {

/// What a file must be to be sent.
long check_file(int file) noexcept {
    struct stat is {};
    if (const long flags = next::raw(SYS_fcntl, file, F_GETFL); flags < 0)
        return flags;
    else if ((flags & O_ACCMODE) == O_WRONLY)
        return -EBADF;
    if (::fstat(file, &is) != 0)
        return -EBADF;
    return S_ISREG(is.st_mode) || S_ISBLK(is.st_mode) ? 0 : -EINVAL;
}

/// Each piece is a send; the message goes on as long as the count that was asked for does, whatever the file
/// has.
long send_pieces(int fd, description &to, int file, off_t at, std::size_t size) {
    workspace space;
    if (space.missing())
        return -ENOMEM;
    long total = 0;
    while (static_cast<std::size_t>(total) < size) {
        const std::size_t left = size - static_cast<std::size_t>(total);
        const long n = next::raw(SYS_pread64, file, reinterpret_cast<long>(space.data()),
                                 static_cast<long>(std::min(left, step_size)), at + total);
        if (n <= 0)
            return total != 0 ? total : n;
        const long sent =
            send_step(fd, to, space.data(), static_cast<std::size_t>(n), static_cast<std::size_t>(n) < left);
        if (sent < 0)
            return total != 0 ? total : sent;
        total += sent;
        if (sent < n)
            return total;
    }
    return total;
}

} // namespace

long send_file(int fd, description &to, int file, off_t *offset, std::size_t size) {
    if (offset != nullptr && !can_write(offset))
        return -EFAULT;
    if (const long r = check_file(file); r != 0)
        return r;
    if (!to.is(role::operation))
        return -EOPNOTSUPP;
    const off_t at = offset != nullptr ? *offset : next::raw(SYS_lseek, file, 0, SEEK_CUR);
    if (at < 0)
        return -EINVAL;
    const long total = send_pieces(fd, to, file, at, std::min(size, buffers::max_bytes));
    if (total <= 0)
        return total;
    if (offset != nullptr)
        *offset = at + total;
    else
        (void)next::raw(SYS_lseek, file, at + total, SEEK_SET);
    return total;
}

} // namespace kcapi::preload
