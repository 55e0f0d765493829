// SPDX-License-Identifier: BSD-3-Clause
//
// Every system call the library makes stands here, and those that make many calls at once beside it in
// call_ring and read_queue; nowhere else. Failures come back as errno values; the thread's errno is left as
// found. Every descriptor is close-on-exec from birth. Calls that sleep report EINTR; the others repeat
// themselves.
#pragma once

#include "base/bytes.hpp"

#include <kcapi/result.hpp>

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

namespace kcapi::base {

/// Owns a descriptor. No conversion to bool: 0 is a descriptor.
class unique_fd {
  public:
    unique_fd() noexcept = default;
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    ~unique_fd() { reset(); }
    unique_fd(unique_fd &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    unique_fd &operator=(unique_fd &&other) noexcept {
        if (this != &other) {
            reset();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    unique_fd(const unique_fd &) = delete;
    unique_fd &operator=(const unique_fd &) = delete;

    [[nodiscard]] int get() const noexcept { return fd_; }
    [[nodiscard]] bool is_open() const noexcept { return fd_ >= 0; }
    void reset() noexcept;
    /// Forgets the number without closing: it has become somebody else's.
    void abandon() noexcept { fd_ = -1; }

  private:
    int fd_ = -1;
};

namespace sys {

[[nodiscard]] result<unique_fd> socket(int domain, int type, int protocol) noexcept;
[[nodiscard]] result<void> bind(int fd, bytes address) noexcept;
[[nodiscard]] result<unique_fd> accept(int fd) noexcept;
[[nodiscard]] result<void> setsockopt(int fd, int level, int option, const void *value,
                                      socklen_t size) noexcept;
/// An option whose value is an int, such as SO_SNDBUF.
[[nodiscard]] result<int> getsockopt(int fd, int level, int option) noexcept;
[[nodiscard]] result<std::size_t> sendmsg(int fd, const msghdr &message, int flags) noexcept;
[[nodiscard]] result<std::size_t> recvmsg(int fd, msghdr &message, int flags) noexcept;
/// The same for one buffer and nothing else, which saves the kernel the copying of a message header. Failures
/// name the two above.
[[nodiscard]] result<std::size_t> send(int fd, const iovec &from, int flags) noexcept;
[[nodiscard]] result<std::size_t> receive(int fd, const iovec &to, int flags) noexcept;
/// Current poll events of one descriptor, without waiting.
[[nodiscard]] result<short> poll_now(int fd, short events) noexcept;

/// What distinguishes an open file from another that got its number later.
struct file_identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    friend bool operator==(const file_identity &, const file_identity &) = default;
};
[[nodiscard]] result<file_identity> identity(int fd) noexcept;
/// Of this process: a forked child has another.
[[nodiscard]] int process_id() noexcept;

struct pipe_pair {
    unique_fd read_end;
    unique_fd write_end;
};
[[nodiscard]] result<pipe_pair> pipe() noexcept;
/// F_SETPIPE_SZ; the size the kernel made of it.
[[nodiscard]] result<std::size_t> set_pipe_size(int fd, std::size_t size) noexcept;
[[nodiscard]] result<std::size_t> vmsplice(int pipe_write_end, iov_list from, unsigned flags) noexcept;
[[nodiscard]] result<std::size_t> splice(int from, int to, std::size_t length, unsigned flags) noexcept;

/// The first bytes of a small file such as those of /proc; at most `limit`.
[[nodiscard]] result<std::string> read_file(const char *path, std::size_t limit) noexcept;

/// getrandom(2): all of `out`, once the system has gathered enough to be unpredictable.
[[nodiscard]] result<void> random_bytes(mutable_bytes out) noexcept;

/// Sleeps while `word` holds `expected`; EINTR. Returns at once if it does not.
[[nodiscard]] result<void> futex_wait(const std::atomic<std::uint32_t> &word,
                                      std::uint32_t expected) noexcept;
void futex_wake_one(const std::atomic<std::uint32_t> &word) noexcept;
void futex_wake_all(const std::atomic<std::uint32_t> &word) noexcept;

[[nodiscard]] std::size_t page_size() noexcept;

/// How many processors this process may keep busy, by its affinity and the quota of its control group.
[[nodiscard]] std::size_t usable_processors() noexcept;

} // namespace sys

} // namespace kcapi::base
