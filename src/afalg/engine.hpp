// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel engine: AF_ALG sockets behind the seam. What libkcapi's runtime needs of it, and all that is
// visible outside this folder. Both functions may be called from any thread.
#pragma once

#include "alg/engine.hpp"

#include <memory>
#include <string_view>

namespace kcapi::afalg {

/// An engine with caches of its own (properties of algorithms, what this kernel refused): a process wants
/// one. Opens nothing.
[[nodiscard]] std::unique_ptr<alg::engine> make_engine();

/// Whether AF_ALG would serve `name` from a device that only the kernel reaches. Where no such device is at
/// work the answer costs one look at /proc/crypto per process. False if it cannot be found out.
[[nodiscard]] bool hardware_serves(alg::kind type, std::string_view name);

} // namespace kcapi::afalg
