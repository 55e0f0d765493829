// SPDX-License-Identifier: BSD-3-Clause
#include "drivers/portable/system_rng.hpp"

#include "base/sys.hpp"

#include <new>

namespace kcapi::portable {

namespace {

class system_rng final : public local::rng_state {
  public:
    int seed(base::bytes) noexcept override { return 0; }
    int generate(base::bytes, base::mutable_bytes out) noexcept override {
        const result<void> made = base::sys::random_bytes(out);
        return made ? 0 : made.error().code;
    }
};

} // namespace

int make_system_rng(const local::driver &, std::unique_ptr<local::rng_state> &out) noexcept {
    out.reset(new (std::nothrow) system_rng);
    return out == nullptr ? ENOMEM : 0;
}

} // namespace kcapi::portable
