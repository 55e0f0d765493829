// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/secret.hpp"

namespace kcapi::capi {

/// Wipes the caller's output buffer on every way out of a function, unless told that the result is complete.
class output_guard {
  public:
    explicit output_guard(base::mutable_bytes output) noexcept : output_(output) {}
    ~output_guard() { base::wipe(output_); }
    output_guard(const output_guard &) = delete;
    output_guard &operator=(const output_guard &) = delete;

    void complete() noexcept { output_ = {}; }

  private:
    base::mutable_bytes output_;
};

} // namespace kcapi::capi
