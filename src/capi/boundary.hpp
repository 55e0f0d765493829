// SPDX-License-Identifier: BSD-3-Clause
//
// The guard that every exported function runs in: it checks the handle, catches whatever might be thrown,
// turns a failure into -errno, keeps its text for kcapi_ext_last_error, and leaves the thread's errno as
// found.
#pragma once

#include "capi/handle.hpp"
#include "capi/versions.hpp"

#include <cerrno>
#include <climits>
#include <new>

namespace kcapi::capi {

/// Remembers the thread's last failure and logs it at ERR level, in one line; returns -e.code.
[[gnu::cold]] ssize_t fail(const error &e) noexcept;
/// Words for the failure that this thread is about to report, where "where: what" would not do.
[[gnu::cold, gnu::format(printf, 1, 2)]] void explain(const char *format, ...) noexcept;
/// The text of the last failure on this thread, "" if none.
[[nodiscard]] const char *last_error_text() noexcept;

[[nodiscard]] inline bool is_alive(const kcapi_handle *h) noexcept {
    return h != nullptr && h->magic.load(std::memory_order_relaxed) == kcapi_handle::alive;
}

/// Whether the functions of `family` may use the handle.
[[nodiscard]] inline bool is_of(const kcapi_handle *h, alg::kind family) noexcept {
    return is_alive(h) && h->family == family;
}

inline ssize_t to_return_value(const result<void> &r) noexcept { return r ? 0 : fail(r.error()); }
inline ssize_t to_return_value(const result<std::size_t> &r) noexcept {
    return r ? static_cast<ssize_t>(*r) : fail(r.error());
}

/// Runs `f`, which gives a result<void> or result<size_t>.
template <class F>
ssize_t guarded(F f) noexcept {
    const int saved_errno = errno;
    ssize_t value = 0;
    try {
        value = to_return_value(f());
    } catch (const std::bad_alloc &) {
        value = fail({ENOMEM, "out of memory"});
    } catch (...) {
        value = fail({EFAULT, "unexpected exception"});
    }
    errno = saved_errno;
    return value;
}

/// The same for a function of a handle; `f` gets it.
template <class F>
ssize_t guarded(kcapi_handle *h, F f) noexcept {
    return guarded([&]() -> decltype(f(*h)) {
        if (!is_alive(h))
            return error{EINVAL, "the handle is NULL or destroyed"};
        return f(*h);
    });
}

/// The same for a function of one family, which refuses the handles of the others.
template <class F>
ssize_t guarded(kcapi_handle *h, alg::kind family, F f) noexcept {
    return guarded(h, [&](kcapi_handle &checked) -> decltype(f(checked)) {
        if (checked.family != family)
            return error{EINVAL, "the handle is of another family of functions"};
        return f(checked);
    });
}

} // namespace kcapi::capi
