// SPDX-License-Identifier: BSD-3-Clause
#include "files.hpp"

#include "fail.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace example {

namespace {

/// Holds back the signals that would end the process between making a name and removing it.
class signals_held {
  public:
    signals_held() noexcept {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~signals_held() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_held(const signals_held &) = delete;
    signals_held &operator=(const signals_held &) = delete;

  private:
    sigset_t before_;
};

} // namespace

void file::close() noexcept {
    if (descriptor_ >= 0)
        (void)::close(descriptor_);
    descriptor_ = -1;
}

file make_private_file() {
    const char *const configured = std::getenv("TMPDIR");
    const std::string parent = configured != nullptr && *configured != '\0' ? configured : "/var/tmp";
    std::string directory = parent + "/stream_file.XXXXXX";
    const signals_held held;
    if (mkdtemp(directory.data()) == nullptr)
        fail("cannot make a directory in %s: %s", parent.c_str(), std::strerror(errno));
    const std::string name = directory + "/data";
    const int descriptor = open(name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const int error = errno;
    (void)unlink(name.c_str());
    (void)rmdir(directory.c_str());
    if (descriptor < 0)
        fail("cannot make a file in %s: %s", parent.c_str(), std::strerror(error));
    return file(descriptor);
}

std::size_t read_fully(const file &from, std::span<std::uint8_t> to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const ssize_t n = read(from.descriptor(), to.data() + done, to.size() - done);
        if (n == 0)
            break;
        if (n > 0)
            done += static_cast<std::size_t>(n);
        else if (errno != EINTR)
            fail("cannot read: %s", std::strerror(errno));
    }
    return done;
}

void write_fully(const file &to, std::span<const iovec> from, std::size_t length) {
    for (const iovec &v : from) {
        const auto *data = static_cast<const std::uint8_t *>(v.iov_base);
        std::size_t rest = std::min(v.iov_len, length);
        length -= rest;
        while (rest != 0) {
            const ssize_t n = write(to.descriptor(), data, rest);
            if (n < 0 && errno == EINTR)
                continue;
            if (n < 0)
                fail("cannot write a temporary file: %s", std::strerror(errno));
            data += n;
            rest -= static_cast<std::size_t>(n);
        }
    }
}

void rewind(const file &which) {
    if (lseek(which.descriptor(), 0, SEEK_SET) < 0)
        fail("cannot go back to the beginning of a file: %s", std::strerror(errno));
}

bool same_rest(const file &a, const file &b) {
    std::vector<std::uint8_t> from_a(65536);
    std::vector<std::uint8_t> from_b(65536);
    for (;;) {
        const std::size_t n = read_fully(a, from_a);
        if (read_fully(b, from_b) != n ||
            !std::equal(from_a.begin(), from_a.begin() + static_cast<ptrdiff_t>(n), from_b.begin()))
            return false;
        if (n < from_a.size())
            return true;
    }
}

} // namespace example
