// SPDX-License-Identifier: BSD-3-Clause
#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace example {

progress::progress(std::string what, std::uint64_t total)
    : what_(std::move(what)), total_(total), on_terminal_(isatty(STDOUT_FILENO) == 1) {}

progress::~progress() {
    if (on_terminal_)
        std::printf("\r%*s\r", 60, "");
}

void progress::show(std::uint64_t done) {
    const auto now = std::chrono::steady_clock::now();
    if (!on_terminal_ || now - drawn_ < std::chrono::milliseconds(50))
        return;
    drawn_ = now;
    constexpr std::uint64_t width = 40;
    const std::uint64_t whole = std::max<std::uint64_t>(total_, 1);
    const std::uint64_t part = std::min(done, whole);
    const auto filled = static_cast<std::size_t>(part * width / whole);
    std::printf("\r%-8s [%s%s] %3u%%", what_.c_str(), std::string(filled, '#').c_str(),
                std::string(width - filled, ' ').c_str(), static_cast<unsigned>(part * 100 / whole));
    std::fflush(stdout);
}

} // namespace example
