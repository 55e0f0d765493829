// SPDX-License-Identifier: BSD-3-Clause
#include "output.hpp"

#include "failure.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace kcapi::tools {

namespace {

constexpr std::array ending_signals = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGXFSZ};

// For the signal handler: the file to remove. Changed with the signals blocked only.
std::array<char, PATH_MAX> unfinished_path;
volatile sig_atomic_t unfinished = 0;

void remove_and_end(int number) {
    if (unfinished != 0)
        (void)::unlink(unfinished_path.data());
    (void)::signal(number, SIG_DFL);
    (void)::raise(number);
}

class signals_held {
  public:
    signals_held() noexcept {
        sigset_t all;
        sigfillset(&all);
        (void)pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~signals_held() { (void)pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    signals_held(const signals_held &) = delete;
    signals_held &operator=(const signals_held &) = delete;

  private:
    sigset_t before_{};
};

void catch_ending_signals() noexcept {
    for (const int number : ending_signals) {
        struct sigaction now {};
        // What the parent has us ignore (nohup) stays ignored.
        if (sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_DFL)
            continue;
        now.sa_handler = remove_and_end;
        sigfillset(&now.sa_mask);
        (void)sigaction(number, &now, nullptr);
    }
}

/// The file behind links, for a name that exists. rename would replace the link.
std::string behind_links(const char *path) {
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path, nullptr), std::free);
    return real ? real.get() : path;
}

mode_t usual_mode() noexcept {
    const mode_t mask = ::umask(0);
    (void)::umask(mask);
    return 0666 & ~mask;
}

} // namespace

output::output(const char *path) : name_(path == nullptr ? "stdout" : path) {
    if (path == nullptr) {
        fd_.reset(-1);
        return;
    }
    struct stat facts {};
    if (::stat(path, &facts) == 0) {
        if (S_ISDIR(facts.st_mode))
            throw failure{status_of(EIO), "cannot write " + name_ + ": " + std::strerror(EISDIR)};
        if (!S_ISREG(facts.st_mode))
            throw failure{status_of(EINVAL), name_ + " is not a regular file",
                          "To write to something else, redirect stdout to it."};
        if (::access(path, W_OK) != 0)
            throw failure{status_of(EIO), "cannot write " + name_ + ": " + std::strerror(errno)};
    } else if (errno != ENOENT) {
        throw failure{status_of(EIO), "cannot open " + name_ + ": " + std::strerror(errno)};
    }
    target_ = behind_links(path);
    if (target_.empty())
        throw failure{status_of(EIO), "the name of the output file is empty"};
}

output::~output() {
    if (unfinished_.empty())
        return;
    const signals_held held;
    (void)::unlink(unfinished_.c_str());
    unfinished = 0;
}

void output::begin() {
    const std::size_t slash = target_.rfind('/');
    const std::size_t base = slash == std::string::npos ? 0 : slash + 1;
    // A long name leaves no room for more letters.
    std::string path = target_.substr(0, base) + "." + target_.substr(base, 200) + ".XXXXXX";
    const signals_held held;
    fd_.reset(path.size() < unfinished_path.size() ? ::mkostemp(path.data(), O_CLOEXEC) : -1);
    if (fd_.get() < 0)
        throw failure{status_of(EIO), "cannot make a file beside " + name_ + ": " + std::strerror(errno),
                      "The output is written under another name first. Or redirect stdout to the file."};
    unfinished_ = path;
    path.copy(unfinished_path.data(), path.size());
    unfinished_path[path.size()] = '\0';
    unfinished = 1;
    catch_ending_signals();
}

int output::descriptor() {
    if (fd_.get() < 0)
        begin();
    return fd_.get();
}

void output::need_place() const {
    const std::size_t slash = target_.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : target_.substr(0, slash + 1);
    if (is_file() && ::access(directory.c_str(), W_OK) != 0)
        throw failure{status_of(EIO), "cannot make a file beside " + name_ + ": " + std::strerror(errno)};
}

void output::fail_writing(int code) const {
    throw failure{status_of(EIO), "cannot write to " + name_ + ": " + std::strerror(code)};
}

void output::write(bytes data) {
    const int r = write_fully(is_file() ? descriptor() : STDOUT_FILENO, data);
    if (r < 0)
        fail_writing(-r);
}

void output::commit() {
    if (!is_file())
        return;
    const int fd = descriptor();
    struct stat before {};
    const bool replaces = ::stat(target_.c_str(), &before) == 0;
    if (replaces && ::fchown(fd, before.st_uid, before.st_gid) != 0 && ::geteuid() == 0)
        fail_writing(errno);
    if (::fchmod(fd, replaces ? before.st_mode & 0777 : usual_mode()) != 0)
        fail_writing(errno);
    const signals_held held;
    // Some file systems tell of a full disk only here.
    if (::close(fd_.release()) != 0 || ::rename(unfinished_.c_str(), target_.c_str()) != 0)
        fail_writing(errno);
    unfinished_.clear();
    unfinished = 0;
}

void output::commit_nothing() {
    if (is_file() && ::access(target_.c_str(), F_OK) != 0)
        commit();
}

} // namespace kcapi::tools
