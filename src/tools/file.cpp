// SPDX-License-Identifier: BSD-3-Clause
#include "file.hpp"

#include "failure.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kcapi::tools {

void unique_fd::reset(int fd) noexcept {
    if (fd_ >= 0)
        (void)::close(fd_);
    fd_ = fd;
}

input open_input(const char *path) {
    if (path == nullptr)
        return {unique_fd(), STDIN_FILENO, "stdin", 0};
    unique_fd fd(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (fd.get() < 0)
        throw failure{status_of(EIO), "cannot open " + std::string(path) + ": " + std::strerror(errno)};
    struct stat facts {};
    if (::fstat(fd.get(), &facts) != 0)
        fail(errno, "cannot look at " + std::string(path));
    if (!S_ISREG(facts.st_mode))
        throw failure{status_of(EINVAL), std::string(path) + " is not a regular file",
                      "To read from something else, redirect stdin from it."};
    const int number = fd.get();
    return {std::move(fd), number, path, static_cast<std::uint64_t>(std::max<off_t>(facts.st_size, 0))};
}

ssize_t read_some(int fd, mutable_bytes to) noexcept {
    for (;;) {
        const ssize_t n = ::read(fd, to.data(), to.size());
        if (n >= 0)
            return n;
        if (errno != EINTR)
            return -errno;
    }
}

ssize_t read_fully(int fd, mutable_bytes to) noexcept {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t n = read_some(fd, to.subspan(done));
        if (n < 0)
            return n;
        if (n == 0)
            break;
        done += static_cast<std::size_t>(n);
    }
    return static_cast<ssize_t>(done);
}

int write_fully(int fd, bytes data) noexcept {
    while (!data.empty()) {
        const ssize_t n = ::write(fd, data.data(), data.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -errno;
        data = data.subspan(static_cast<std::size_t>(n));
    }
    return 0;
}

std::size_t read_input(const input &from, mutable_bytes to) {
    const ssize_t n = read_fully(from.fd, to);
    if (n < 0)
        throw failure{status_of(EIO),
                      "cannot read " + from.name + ": " + std::strerror(static_cast<int>(-n))};
    return static_cast<std::size_t>(n);
}

secret read_secret(int fd, std::size_t most, std::string_view what, std::string_view hint) {
    secret all;
    for (;;) {
        const std::size_t old = all.size();
        all.resize(old + std::min<std::size_t>(4096, most + 1 - old));
        const ssize_t n = read_fully(fd, mutable_bytes(all).subspan(old));
        if (n < 0)
            fail(static_cast<int>(-n),
                 "cannot read " + std::string(what) + " from descriptor " + std::to_string(fd),
                 "Is the descriptor open? For example: 3<file");
        const bool ended = old + static_cast<std::size_t>(n) < all.size();
        all.resize(old + static_cast<std::size_t>(n));
        if (all.size() > most)
            fail(EMSGSIZE, std::string(what) + " has more than " + std::to_string(most) + " bytes", hint);
        if (ended)
            return all;
    }
}

} // namespace kcapi::tools
