// SPDX-License-Identifier: BSD-3-Clause
//
// A mutex for an object that may be used by several threads, but is told when its user keeps their calls
// apart already: then it costs nothing. Lockable by std::unique_lock and std::lock_guard.
#pragma once

#include "base/mutex.hpp"

namespace kcapi::base {

class call_mutex {
  public:
    void lock() {
        if (is_needed_)
            mutex_.lock();
    }
    void unlock() {
        if (is_needed_)
            mutex_.unlock();
    }
    /// From now on no two calls overlap. Nobody may hold it.
    void give_up() noexcept { is_needed_ = false; }
    [[nodiscard]] bool is_needed() const noexcept { return is_needed_; }

  private:
    mutex mutex_;
    bool is_needed_ = true;
};

} // namespace kcapi::base
