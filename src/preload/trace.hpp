// SPDX-License-Identifier: BSD-3-Clause
//
// KCAPI_PRELOAD_TRACE: one line per call that was served here, with its result. The value is a path (lines
// are appended), "stderr", or "fd:N". Sizes, names and numbers only: no key, no data.
#pragma once

#include <cstdio>

namespace kcapi::preload::trace {

[[nodiscard]] bool wanted() noexcept;

/// A line for the call `name` on `fd`; `result` is a value or a negative errno.
void line(const char *name, int fd, const char *details, long result) noexcept;

/// What else there is to say about a call: ", " and the formatted text; nothing if nobody wants it.
class details {
  public:
    details() noexcept { text_[0] = '\0'; }
    template <class... Values>
    void set(const char *format, Values... values) noexcept {
        if (wanted())
            (void)std::snprintf(text_, sizeof text_, format, values...);
    }
    [[nodiscard]] const char *text() const noexcept { return text_; }

  private:
    char text_[192];
};

} // namespace kcapi::preload::trace
