// SPDX-License-Identifier: BSD-3-Clause
#include "base/sys.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <climits>
#include <new>
#include <optional>
#include <string_view>

namespace kcapi::base {

namespace {

/// Restores the thread's errno on leaving; the number goes into the result instead.
class errno_guard {
  public:
    errno_guard() noexcept : saved_(errno) {}
    ~errno_guard() { errno = saved_; }
    errno_guard(const errno_guard &) = delete;
    errno_guard &operator=(const errno_guard &) = delete;

  private:
    int saved_;
};

/// Runs a call that gives -1 and errno.
template <class Call>
auto checked(const char *where, Call call) noexcept -> result<decltype(call())> {
    const errno_guard guard;
    const auto r = call();
    if (r < 0)
        return error{errno, where};
    return r;
}

/// The same, repeated while a signal ends it: for calls that do not sleep for data.
template <class Call>
auto repeated(const char *where, Call call) noexcept -> result<decltype(call())> {
    for (;;) {
        auto r = checked(where, call);
        if (r || r.error().code != EINTR)
            return r;
    }
}

template <class T>
result<void> without_value(const result<T> &r) noexcept {
    if (!r)
        return r.error();
    return {};
}

/// A call that moves bytes.
template <class Call>
result<std::size_t> transferred(const char *where, Call call) noexcept {
    const errno_guard guard;
    const ssize_t n = call();
    if (n < 0)
        return error{errno, where};
    return static_cast<std::size_t>(n);
}

template <class T>
result<std::size_t> as_size(const result<T> &r) noexcept {
    if (!r)
        return r.error();
    return static_cast<std::size_t>(*r);
}

result<unique_fd> as_fd(const result<int> &r) noexcept {
    if (!r)
        return r.error();
    return unique_fd(*r);
}

long futex(const std::atomic<std::uint32_t> &word, int operation, std::uint32_t value) noexcept {
    // The kernel only compares and queues on the address; it does not write.
    auto *address = const_cast<std::atomic<std::uint32_t> *>(&word);
    return ::syscall(SYS_futex, address, operation, value, nullptr, nullptr, 0);
}

} // namespace

void unique_fd::reset() noexcept {
    if (fd_ < 0)
        return;
    const errno_guard guard;
    // Not repeated on EINTR: Linux has released the number by then, and another thread may have it.
    (void)::close(std::exchange(fd_, -1));
}

namespace sys {

result<unique_fd> socket(int domain, int type, int protocol) noexcept {
    return as_fd(checked("socket", [&] { return ::socket(domain, type | SOCK_CLOEXEC, protocol); }));
}

result<void> bind(int fd, bytes address) noexcept {
    return without_value(checked("bind", [&] {
        return ::bind(fd, reinterpret_cast<const sockaddr *>(address.data()),
                      static_cast<socklen_t>(address.size()));
    }));
}

result<unique_fd> accept(int fd) noexcept {
    return as_fd(repeated("accept", [&] { return ::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC); }));
}

result<void> setsockopt(int fd, int level, int option, const void *value, socklen_t size) noexcept {
    return without_value(checked("setsockopt", [&] { return ::setsockopt(fd, level, option, value, size); }));
}

result<int> getsockopt(int fd, int level, int option) noexcept {
    int value = 0;
    socklen_t size = sizeof value;
    const result<int> r =
        checked("getsockopt", [&] { return ::getsockopt(fd, level, option, &value, &size); });
    if (!r)
        return r.error();
    return value;
}

result<std::size_t> sendmsg(int fd, const msghdr &message, int flags) noexcept {
    return transferred("sendmsg", [&] { return ::sendmsg(fd, &message, flags | MSG_NOSIGNAL); });
}

result<std::size_t> recvmsg(int fd, msghdr &message, int flags) noexcept {
    return transferred("recvmsg", [&] { return ::recvmsg(fd, &message, flags); });
}

result<std::size_t> send(int fd, const iovec &from, int flags) noexcept {
    return transferred("sendmsg",
                       [&] { return ::send(fd, from.iov_base, from.iov_len, flags | MSG_NOSIGNAL); });
}

result<std::size_t> receive(int fd, const iovec &to, int flags) noexcept {
    return transferred("recvmsg", [&] { return ::recv(fd, to.iov_base, to.iov_len, flags); });
}

result<short> poll_now(int fd, short events) noexcept {
    pollfd p{fd, events, 0};
    const result<int> r = repeated("poll", [&] { return ::poll(&p, 1, 0); });
    if (!r)
        return r.error();
    return p.revents;
}

result<file_identity> identity(int fd) noexcept {
    struct stat about {};
    const result<int> r = checked("fstat", [&] { return ::fstat(fd, &about); });
    if (!r)
        return r.error();
    return file_identity{about.st_dev, about.st_ino};
}

int process_id() noexcept { return ::getpid(); }

result<pipe_pair> pipe() noexcept {
    int fds[2];
    const result<int> r = checked("pipe2", [&] { return ::pipe2(fds, O_CLOEXEC); });
    if (!r)
        return r.error();
    return pipe_pair{unique_fd(fds[0]), unique_fd(fds[1])};
}

result<std::size_t> set_pipe_size(int fd, std::size_t size) noexcept {
    if (size > INT_MAX)
        return error{EINVAL, "F_SETPIPE_SZ"};
    return as_size(
        checked("F_SETPIPE_SZ", [&] { return ::fcntl(fd, F_SETPIPE_SZ, static_cast<int>(size)); }));
}

result<std::size_t> vmsplice(int pipe_write_end, iov_list from, unsigned flags) noexcept {
    return as_size(
        checked("vmsplice", [&] { return ::vmsplice(pipe_write_end, from.data(), from.size(), flags); }));
}

result<std::size_t> splice(int from, int to, std::size_t length, unsigned flags) noexcept {
    return as_size(checked("splice", [&] { return ::splice(from, nullptr, to, nullptr, length, flags); }));
}

result<std::string> read_file(const char *path, std::size_t limit) noexcept {
    const result<unique_fd> fd = as_fd(repeated("open", [&] { return ::open(path, O_RDONLY | O_CLOEXEC); }));
    if (!fd)
        return fd.error();
    try {
        std::string text;
        char buffer[4096];
        while (text.size() < limit) {
            const std::size_t want = std::min(sizeof buffer, limit - text.size());
            const result<ssize_t> n = repeated("read", [&] { return ::read(fd->get(), buffer, want); });
            if (!n)
                return n.error();
            if (*n == 0)
                break;
            text.append(buffer, static_cast<std::size_t>(*n));
        }
        return text;
    } catch (const std::bad_alloc &) {
        return error{ENOMEM, "read"};
    }
}

result<void> random_bytes(mutable_bytes out) noexcept {
    while (!out.empty()) {
        const result<ssize_t> n =
            repeated("getrandom", [&] { return ::getrandom(out.data(), out.size(), 0); });
        if (!n)
            return n.error();
        out = out.subspan(static_cast<std::size_t>(*n));
    }
    return {};
}

result<void> futex_wait(const std::atomic<std::uint32_t> &word, std::uint32_t expected) noexcept {
    const result<long> r = checked("futex", [&] { return futex(word, FUTEX_WAIT_PRIVATE, expected); });
    if (!r && r.error().code != EAGAIN)
        return r.error();
    return {};
}

void futex_wake_one(const std::atomic<std::uint32_t> &word) noexcept {
    const errno_guard guard;
    (void)futex(word, FUTEX_WAKE_PRIVATE, 1);
}

void futex_wake_all(const std::atomic<std::uint32_t> &word) noexcept {
    const errno_guard guard;
    (void)futex(word, FUTEX_WAKE_PRIVATE, INT_MAX);
}

namespace {

/// The first number of a text, and where the text goes on.
std::optional<std::uint64_t> take_number(std::string_view &text) noexcept {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (problem != std::errc())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// "200000 100000", microseconds of processor time in a period, is two processors; "max 100000" is no limit.
std::optional<std::uint64_t> quota_of(const char *path) noexcept {
    const result<std::string> text = read_file(path, 64);
    if (!text)
        return std::nullopt;
    std::string_view rest = *text;
    const std::optional<std::uint64_t> time = take_number(rest);
    const std::optional<std::uint64_t> period = take_number(rest);
    if (!time || !period || *period == 0)
        return std::nullopt;
    return std::max<std::uint64_t>((*time + *period - 1) / *period, 1);
}

/// Of the control group (version 2) that the process is in, as it sees the hierarchy.
std::optional<std::uint64_t> own_quota() noexcept {
    const std::optional<std::uint64_t> root = quota_of("/sys/fs/cgroup/cpu.max");
    const result<std::string> groups = read_file("/proc/self/cgroup", 4096);
    if (!groups || !groups->starts_with("0::/"))
        return root;
    try {
        const std::string path = groups->substr(3, groups->find('\n') - 3);
        const std::optional<std::uint64_t> own = quota_of(("/sys/fs/cgroup" + path + "/cpu.max").c_str());
        return own ? own : root;
    } catch (const std::bad_alloc &) {
        return root;
    }
}

} // namespace

std::size_t usable_processors() noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    // Machines with more processors than the set has room for refuse the call: they have enough.
    const std::size_t by_affinity = ::sched_getaffinity(0, sizeof set, &set) == 0
                                        ? static_cast<std::size_t>(CPU_COUNT(&set))
                                        : CPU_SETSIZE;
    const std::optional<std::uint64_t> quota = own_quota();
    return quota ? static_cast<std::size_t>(std::min<std::uint64_t>(by_affinity, *quota)) : by_affinity;
}

std::size_t page_size() noexcept {
    static const std::size_t size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

} // namespace sys

} // namespace kcapi::base
