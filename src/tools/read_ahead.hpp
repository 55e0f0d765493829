// SPDX-License-Identifier: BSD-3-Clause
//
// Reads a descriptor to its end in a thread of its own, a few pieces ahead of whoever takes them.
#pragma once

#include <kcapi/bytes.hpp>

#include <array>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace kcapi::tools {

class read_ahead {
  public:
    explicit read_ahead(int fd);
    ~read_ahead();
    read_ahead(const read_ahead &) = delete;
    read_ahead &operator=(const read_ahead &) = delete;

    /// The next piece, valid until the next call; empty at the end, also at one by an error.
    [[nodiscard]] bytes next();
    /// After the end: 0, or the errno value that reading failed with.
    [[nodiscard]] int error() const noexcept { return error_; }

  private:
    static constexpr std::size_t pieces = 4;
    static constexpr std::size_t piece_size = 256U << 10;

    void read_all();

    const int fd_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<std::vector<std::uint8_t>, pieces> data_;
    std::array<std::size_t, pieces> length_{};
    std::size_t filled_ = 0; ///< pieces that were read
    std::size_t taken_ = 0;  ///< pieces that were given back
    bool holds_one_ = false;
    bool ended_ = false;
    bool stop_ = false;
    int error_ = 0;
    std::thread reader_;
};

} // namespace kcapi::tools
