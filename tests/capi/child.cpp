// SPDX-License-Identifier: BSD-3-Clause
#include "capi/child.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <vector>

namespace kcapi::test {

namespace {

constexpr unsigned patience = 60;

} // namespace

bool passes_in_child(const std::function<void()> &body) {
    (void)std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) {
        ADD_FAILURE() << "fork";
        return false;
    }
    if (child == 0) {
        // Without a handler the alarm kills, which the parent sees.
        (void)std::signal(SIGALRM, SIG_DFL);
        (void)::alarm(patience);
        const bool failed_before = testing::Test::HasFailure();
        body();
        (void)std::fflush(nullptr);
        // Not exit(): the parent's atexit functions are not the child's to run.
        ::_exit(!failed_before && testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    EXPECT_TRUE(WIFEXITED(status)) << "the child was killed by signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0) << "assertions failed in the child; they stand above";
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

captured_stderr::captured_stderr()
    : file_(::memfd_create("stderr", MFD_CLOEXEC)), saved_(::dup(STDERR_FILENO)) {
    EXPECT_GE(file_, 0);
    EXPECT_GE(saved_, 0);
    (void)std::fflush(stderr);
    EXPECT_EQ(::dup2(file_, STDERR_FILENO), STDERR_FILENO);
}

captured_stderr::~captured_stderr() {
    (void)std::fflush(stderr);
    (void)::dup2(saved_, STDERR_FILENO);
    (void)::close(saved_);
    (void)::close(file_);
}

std::string captured_stderr::text() {
    (void)std::fflush(stderr);
    std::string all;
    char part[512];
    off_t at = 0;
    for (ssize_t n = 0; (n = ::pread(file_, part, sizeof part, at)) > 0; at += n)
        all.append(part, static_cast<std::size_t>(n));
    return all;
}

no_more_descriptors::no_more_descriptors(std::size_t left) {
    // The limit is a number that no descriptor may reach, and the lowest free numbers are given out first.
    rlim_t first_refused = 0;
    std::vector<int> taken;
    for (std::size_t i = 0; i < left; ++i) {
        taken.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        EXPECT_GE(taken.back(), 0);
        first_refused = static_cast<rlim_t>(taken.back()) + 1;
    }
    for (const int fd : taken)
        (void)::close(fd);
    rlimit limit{};
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    before_ = limit.rlim_cur;
    limit.rlim_cur = first_refused;
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

no_more_descriptors::~no_more_descriptors() {
    rlimit limit{};
    EXPECT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = before_;
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

} // namespace kcapi::test
