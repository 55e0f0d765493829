// SPDX-License-Identifier: BSD-3-Clause
#include "read_ahead.hpp"

#include "file.hpp"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <mutex>

namespace kcapi::tools {

struct read_ahead::state {
    static constexpr std::size_t pieces = 4;
    static constexpr std::size_t piece_size = 256U << 10;

    explicit state(int from) : fd(::fcntl(from, F_DUPFD_CLOEXEC, 0)) {
        for (secret &piece : data)
            piece.resize(piece_size);
        if (fd.get() < 0) {
            error = errno;
            ended = true;
        }
    }

    void read_all();

    unique_fd fd; ///< its own: the caller may close his before a read returns
    std::mutex mutex;
    std::condition_variable changed;
    std::array<secret, pieces> data;
    std::array<std::size_t, pieces> length{};
    std::size_t filled = 0; ///< pieces that were read
    std::size_t taken = 0;  ///< pieces that were given back
    bool holds_one = false;
    bool reading = false;
    bool ended = false;
    bool stop = false;
    int error = 0;
};

void read_ahead::state::read_all() {
    std::unique_lock lock(mutex);
    for (;;) {
        changed.wait(lock, [&] { return stop || filled - taken < pieces; });
        if (stop || ended)
            return;
        const std::size_t at = filled % pieces;
        reading = true;
        lock.unlock();
        const ssize_t n = read_fully(fd.get(), data[at]);
        lock.lock();
        reading = false;
        if (n > 0) {
            length[at] = static_cast<std::size_t>(n);
            ++filled;
        }
        error = n < 0 ? static_cast<int>(-n) : 0;
        ended = n < static_cast<ssize_t>(piece_size);
        changed.notify_all();
    }
}

read_ahead::read_ahead(int fd)
    : state_(std::make_shared<state>(fd)), reader_([shared = state_] { shared->read_all(); }) {}

read_ahead::~read_ahead() {
    bool sleeps = false;
    {
        const std::lock_guard lock(state_->mutex);
        state_->stop = true;
        sleeps = state_->reading;
    }
    state_->changed.notify_all();
    if (sleeps)
        reader_.detach();
    else
        reader_.join();
}

bytes read_ahead::next() {
    state &s = *state_;
    std::unique_lock lock(s.mutex);
    if (s.holds_one) {
        ++s.taken;
        s.changed.notify_all();
    }
    s.changed.wait(lock, [&] { return s.ended || s.filled != s.taken; });
    s.holds_one = s.filled != s.taken;
    if (!s.holds_one)
        return {};
    const std::size_t at = s.taken % state::pieces;
    return bytes(s.data[at]).first(s.length[at]);
}

int read_ahead::error() const noexcept {
    const std::lock_guard lock(state_->mutex);
    return state_->error;
}

} // namespace kcapi::tools
