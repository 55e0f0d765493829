// SPDX-License-Identifier: BSD-3-Clause
#include "speed_gnuplot.hpp"

#include "failure.hpp"
#include "file.hpp"
#include "speed_plot.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace kcapi::tools {

namespace {

[[noreturn]] void fail_drawing(const std::string &what, int code) {
    throw failure{1, "cannot draw the plot: " + what + ": " + std::strerror(code)};
}

/// A file without a name that begins with `text`.
unique_fd file_of(const std::string &text) {
    unique_fd file(::memfd_create("script", MFD_CLOEXEC));
    if (file.get() < 0)
        fail_drawing("memory for gnuplot's script", errno);
    if (const int r = write_fully(file.get(), bytes_of(std::string_view(text))); r < 0)
        fail_drawing("gnuplot's script", -r);
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        fail_drawing("gnuplot's script", errno);
    return file;
}

class child_files {
  public:
    child_files(int in, int out) {
        (void)::posix_spawn_file_actions_init(&actions_);
        const int r = ::posix_spawn_file_actions_adddup2(&actions_, in, STDIN_FILENO);
        error_ = r != 0 ? r : ::posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    }
    ~child_files() { (void)::posix_spawn_file_actions_destroy(&actions_); }
    child_files(const child_files &) = delete;
    child_files &operator=(const child_files &) = delete;

    [[nodiscard]] int error() const noexcept { return error_; }
    [[nodiscard]] const posix_spawn_file_actions_t *get() const noexcept { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
    int error_ = 0;
};

/// Its process id. -d: the user's ~/.gnuplot plays no part.
pid_t start(int in, int out) {
    const child_files files(in, out);
    std::array<char, 8> program{"gnuplot"};
    std::array<char, 3> defaults{"-d"};
    std::array<char *, 3> arguments{program.data(), defaults.data(), nullptr};
    pid_t child = -1;
    const int r = files.error() != 0
                      ? files.error()
                      : ::posix_spawnp(&child, "gnuplot", files.get(), nullptr, arguments.data(), environ);
    if (r != 0)
        fail_drawing("gnuplot", r);
    return child;
}

std::string everything_from(int fd) {
    std::string all;
    std::array<std::uint8_t, 65536> piece{};
    for (;;) {
        const ssize_t n = read_some(fd, piece);
        if (n <= 0)
            return n < 0 ? std::string() : all;
        all.append(reinterpret_cast<const char *>(piece.data()), static_cast<std::size_t>(n));
    }
}

/// The status of its end; -1 if that cannot be known.
int status_of_end(pid_t child) noexcept {
    int status = -1;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

} // namespace

void need_gnuplot() {
    const char *const path = ::secure_getenv("PATH");
    const std::string all = path == nullptr ? "/bin:/usr/bin" : path;
    for (std::size_t at = 0; at <= all.size();) {
        const std::size_t colon = std::min(all.find(':', at), all.size());
        const std::string program = (colon == at ? "." : all.substr(at, colon - at)) + "/gnuplot";
        if (::access(program.c_str(), X_OK) == 0)
            return;
        at = colon + 1;
    }
    throw failure{1, "--plot needs the program gnuplot, and there is none",
                  "Debian has it in the package gnuplot-nox: apt install gnuplot-nox"};
}

std::string drawn_by_gnuplot(const std::string &script) {
    const unique_fd in = file_of(script);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        fail_drawing("a pipe", errno);
    const unique_fd from(ends[0]);
    unique_fd to(ends[1]);
    const pid_t child = start(in.get(), to.get());
    to.reset();
    std::string picture = everything_from(from.get());
    if (status_of_end(child) != 0 || picture.find("</svg>") == std::string::npos)
        throw failure{1, "cannot draw the plot: gnuplot failed"};
    return picture;
}

} // namespace kcapi::tools
