// SPDX-License-Identifier: BSD-3-Clause
//
// KCAPI_PRELOAD_TRACE: one line per call that was served here, with its result. The value is a path (lines
// are appended), "stderr", or "fd:N". Sizes, names and numbers only: no key, no data.
#pragma once

#include <cstdio>

namespace kcapi::preload::trace {

/// Whether anybody wants lines; known before any other constructor runs.
extern bool is_on;

/// A line for the call `name` on `fd`; `result` is a value or a negative errno.
void line(const char *name, int fd, const char *details, long result) noexcept;

/// What else there is to say about a call: ", " and more; written only where there is room, which is where a
/// line is wanted.
class details {
  public:
    details() noexcept = default;
    details(char *room, std::size_t size) noexcept : text_(room), size_(size) { text_[0] = '\0'; }
    template <class... Values>
    void set(const char *format, Values... values) noexcept {
        if (text_ != nullptr) [[unlikely]]
            (void)std::snprintf(text_, size_, format, values...);
    }

  private:
    char *text_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace kcapi::preload::trace
