// SPDX-License-Identifier: BSD-3-Clause
#include "read_ahead.hpp"

#include "file.hpp"

namespace kcapi::tools {

read_ahead::read_ahead(int fd) : fd_(fd) {
    for (std::vector<std::uint8_t> &piece : data_)
        piece.resize(piece_size);
    reader_ = std::thread([this] { read_all(); });
}

read_ahead::~read_ahead() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    reader_.join();
}

void read_ahead::read_all() {
    for (;;) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stop_ || filled_ - taken_ < pieces; });
        if (stop_)
            return;
        const std::size_t at = filled_ % pieces;
        lock.unlock();
        const ssize_t n = read_fully(fd_, data_[at]);
        lock.lock();
        if (n > 0) {
            length_[at] = static_cast<std::size_t>(n);
            ++filled_;
        }
        error_ = n < 0 ? static_cast<int>(-n) : 0;
        ended_ = n < static_cast<ssize_t>(piece_size);
        changed_.notify_all();
        if (ended_)
            return;
    }
}

bytes read_ahead::next() {
    std::unique_lock lock(mutex_);
    if (holds_one_) {
        ++taken_;
        changed_.notify_all();
    }
    changed_.wait(lock, [&] { return ended_ || filled_ != taken_; });
    holds_one_ = filled_ != taken_;
    if (!holds_one_)
        return {};
    const std::size_t at = taken_ % pieces;
    return bytes(data_[at]).first(length_[at]);
}

} // namespace kcapi::tools
