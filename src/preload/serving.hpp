// SPDX-License-Identifier: BSD-3-Clause
//
// How an interposed function serves a call. Inside, a result is what the kernel's own functions return: a
// value, or a negative errno. Outside it is -1 and errno, or as it is for libaio.
#pragma once

#include "preload/table.hpp"
#include "preload/trace.hpp"

#include <cerrno>
#include <new>

namespace kcapi::preload {

/// What a call of this thread is at work on, while it is: a signal handler, or the engine by way of a library
/// that itself uses AF_ALG, may call again. If the call goes to sleep, what it did so far is shown to those
/// who watch the descriptor.
class presence {
  public:
    explicit presence(description &at, int fd = -1) noexcept : before_(here) {
        here = {&at, fd};
        if (!observed) [[unlikely]]
            observe();
    }
    ~presence() { here = before_; }
    presence(const presence &) = delete;
    presence &operator=(const presence &) = delete;

    /// This thread is already inside a call, and awake: what that holds, a second one would wait for.
    [[nodiscard]] static bool blocks(const description &at) noexcept {
        return here.at == &at && blocks_anything();
    }
    [[nodiscard]] static bool blocks_anything() noexcept;

  private:
    struct work {
        description *at = nullptr;
        int fd = -1;
    };

    static void observe() noexcept;

    // Static storage of the loader's: this library is loaded at start.
    [[gnu::tls_model("initial-exec")]] static thread_local work here;
    [[gnu::tls_model("initial-exec")]] static thread_local bool observed;

    work before_;
};

/// A value or -errno of a result from the seam.
template <class T>
[[nodiscard]] long to_kernel(const result<T> &r) noexcept {
    if (!r)
        return -static_cast<long>(r.error().code);
    if constexpr (std::is_void_v<T>)
        return 0;
    else
        return static_cast<long>(*r);
}

/// Runs `f`, which may throw, and leaves errno as found.
template <class F>
[[nodiscard]] long guarded(F f) noexcept {
    const int saved_errno = errno;
    long value = 0;
    try {
        value = f();
    } catch (const std::bad_alloc &) {
        value = -ENOMEM;
    } catch (...) {
        value = -EIO;
    }
    errno = saved_errno;
    return value;
}

[[nodiscard]] inline long to_libc(long kernel_result) noexcept {
    if (kernel_result >= 0)
        return kernel_result;
    errno = static_cast<int>(-kernel_result);
    return -1;
}

template <class Serve>
[[gnu::noinline]] long served_aloud(const char *name, int fd, description &d, Serve &serve) {
    char text[192];
    trace::details said(text, sizeof text);
    const long value = guarded([&] { return serve(d, said); });
    trace::line(name, fd, text, value);
    return to_libc(value);
}

/// The call `name` on `fd`: by `serve` if the descriptor is still ours, else by `pass`.
template <class Serve, class Pass>
long served(const char *name, int fd, Serve serve, Pass pass) {
    const held d = table::find(fd);
    if (!d)
        return pass();
    if (trace::is_on) [[unlikely]]
        return served_aloud(name, fd, *d, serve);
    trace::details unsaid;
    return to_libc(guarded([&] { return serve(*d, unsaid); }));
}

} // namespace kcapi::preload

/// Defines the exported function `name`. The definition has another name in C++, so that neither libc's
/// declaration nor its inline variants are in the way.
#define KCAPI_EXPORT(value, name, ...) KCAPI_EXPORT_AS(value, name, #name, __VA_ARGS__)
#define KCAPI_EXPORT_AS(value, name, symbol, ...)                                                            \
    extern "C" [[gnu::visibility("default")]] value kcapi_preload_##name(__VA_ARGS__) __asm__(symbol);       \
    extern "C" value kcapi_preload_##name(__VA_ARGS__)

/// A second exported name of a function that the same file exports. Said to the assembler, since the compiler
/// knows libc's declarations and holds the first name for a function that is elsewhere.
#define KCAPI_EXPORT_ALIAS(symbol, of) __asm__(".globl " symbol "\n.set " symbol ", " of)
