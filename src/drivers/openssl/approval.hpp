// SPDX-License-Identifier: BSD-3-Clause
//
// Which implementations libcrypto shall give us. A process is in FIPS mode or not, and the engine asks each
// driver accordingly before its first use; so the answer last asked for holds for whatever is made.
#pragma once

#include <openssl/err.h>

#include <atomic>
#include <cerrno>

namespace kcapi::openssl {

inline std::atomic<bool> approved_only{false};

/// The property query of every fetch: null for whatever provider OpenSSL prefers.
[[nodiscard]] inline const char *property_query() noexcept {
    return approved_only.load(std::memory_order_acquire) ? "fips=yes" : nullptr;
}

/// While one lives, libcrypto may fail without a trace: the program may be in the middle of reading its own
/// errors from this thread's queue.
class quiet_scope {
  public:
    quiet_scope() noexcept {
        ERR_set_mark();
        errno = 0;
    }
    ~quiet_scope() { ERR_pop_to_mark(); }
    quiet_scope(const quiet_scope &) = delete;
    quiet_scope &operator=(const quiet_scope &) = delete;

    /// Why a call in this scope failed: ENOMEM if memory ran out in it, else `otherwise`.
    [[nodiscard]] int reason(int otherwise) const noexcept { return errno == ENOMEM ? ENOMEM : otherwise; }
};

} // namespace kcapi::openssl
