// SPDX-License-Identifier: BSD-3-Clause
//
// A hash whose batches another module may do better, before that module is loaded: it is when the first batch
// comes, since most programs never have one.
#pragma once

#include "local/driver.hpp"

namespace kcapi::local {

/// Who loads and joins.
class late_join {
  public:
    /// The hash joined with who does its batches; null if there is nobody. ENOMEM in errno: ask again later.
    [[nodiscard]] virtual const driver *joined() noexcept = 0;

  protected:
    ~late_join() = default;
};

/// The record of `first` with batches by what `join` finds. Both have to outlive it.
[[nodiscard]] driver late_hash(const driver &first, late_join &join) noexcept;

} // namespace kcapi::local
