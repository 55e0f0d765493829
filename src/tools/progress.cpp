// SPDX-License-Identifier: BSD-3-Clause
#include "progress.hpp"

#include "console.hpp"

#include <unistd.h>

#include <algorithm>

namespace kcapi::tools {

namespace {

constexpr auto patience = std::chrono::seconds(1);
constexpr auto interval = std::chrono::milliseconds(100);
constexpr std::size_t width = 30;

std::string mebibytes(double bytes) { return std::to_string(static_cast<std::uint64_t>(bytes / (1 << 20))); }

} // namespace

progress::progress(std::string what, std::uint64_t total, progress_mode mode, progress_unit unit)
    : what_(std::move(what)), total_(total), unit_(unit),
      on_(mode == progress_mode::always ||
          (mode == progress_mode::automatic && ::isatty(STDERR_FILENO) == 1)),
      next_(begun_ + (mode == progress_mode::always ? clock::duration::zero() : patience)) {}

progress::~progress() { hide(); }

void progress::hide() {
    if (drawn_)
        put_error_line("\r\x1b[K");
    drawn_ = false;
}

void progress::add(std::uint64_t amount) {
    done_ += amount;
    if (!on_)
        return;
    const auto now = clock::now();
    if (now < next_)
        return;
    next_ = now + interval;
    draw(now);
}

std::string progress::amounts(double seconds) const {
    const auto done = static_cast<double>(done_);
    if (unit_ == progress_unit::bytes)
        return mebibytes(done) + " MiB, " + mebibytes(done / seconds) + " MiB/s";
    const double left =
        done_ == 0 ? 0 : seconds / done * static_cast<double>(total_ - std::min(done_, total_));
    return std::to_string(done_) + " of " + std::to_string(total_) + ", " +
           std::to_string(static_cast<std::uint64_t>(left)) + " s left";
}

void progress::draw(clock::time_point now) {
    const double seconds = std::max(std::chrono::duration<double>(now - begun_).count(), 1e-3);
    std::string line = "\r" + what_ + " ";
    if (total_ != 0) {
        const std::uint64_t part = std::min(done_, total_);
        const auto filled = static_cast<std::size_t>(part * width / total_);
        line += "[" + std::string(filled, '#') + std::string(width - filled, ' ') + "] " +
                std::to_string(part * 100 / total_) + "% ";
    }
    put_error_line(line + amounts(seconds) + "\x1b[K");
    drawn_ = true;
}

} // namespace kcapi::tools
