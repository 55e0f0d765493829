// SPDX-License-Identifier: BSD-3-Clause
#include "base/log.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>

namespace kcapi::base {

namespace {

constexpr std::size_t line_size = 512;

std::atomic<int> current_level{static_cast<int>(log_level::none)};

struct sink_slot {
    std::mutex mutex;
    log_sink sink = nullptr;
    void *context = nullptr;
};

/// Never destroyed: a thread may log while the process ends.
sink_slot &slot() noexcept {
    alignas(sink_slot) static unsigned char storage[sizeof(sink_slot)];
    static sink_slot *const s = new (storage) sink_slot;
    return *s;
}

const char *level_name(log_level level) noexcept {
    switch (level) {
    case log_level::error:
        return "Error";
    case log_level::warn:
        return "Warning";
    case log_level::verbose:
        return "Verbose";
    default:
        return "Debug";
    }
}

} // namespace

void set_log_level(log_level level) noexcept {
    current_level.store(static_cast<int>(level), std::memory_order_relaxed);
}

bool log_enabled(log_level level) noexcept {
    return static_cast<int>(level) <= current_level.load(std::memory_order_relaxed);
}

void set_log_sink(log_sink sink, void *context) noexcept {
    const std::lock_guard lock(slot().mutex);
    slot().sink = sink;
    slot().context = context;
}

void log(log_level level, const char *format, ...) noexcept {
    if (!log_enabled(level))
        return;
    const int saved_errno = errno;
    char line[line_size];
    va_list args;
    va_start(args, format);
    (void)std::vsnprintf(line, sizeof line, format, args);
    va_end(args);
    {
        const std::lock_guard lock(slot().mutex);
        if (slot().sink != nullptr)
            slot().sink(slot().context, static_cast<int>(level), line);
        else
            (void)std::fprintf(stderr, "libkcapi - %s: %s\n", level_name(level), line);
    }
    errno = saved_errno;
}

} // namespace kcapi::base
