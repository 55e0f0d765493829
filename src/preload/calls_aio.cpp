// SPDX-License-Identifier: BSD-3-Clause
//
// libaio's functions. They return a negative errno and leave errno alone.
#include "preload/aio.hpp"
#include "preload/next.hpp"
#include "preload/serving.hpp"

namespace kcapi::preload {

namespace {

long bits(const void *context) noexcept { return reinterpret_cast<long>(context); }

int collected(void *context, void *events, int count) noexcept {
    aio::complete(bits(context), static_cast<io_event *>(events), count);
    return count;
}

} // namespace

} // namespace kcapi::preload

using namespace kcapi::preload;

KCAPI_EXPORT(int, io_submit, void *context, long count, void **list) {
    if (!table::is_used()) [[likely]]
        return next::io_submit(context, count, list);
    return static_cast<int>(
        guarded([&] { return aio::submit(bits(context), count, reinterpret_cast<iocb **>(list)); }));
}

KCAPI_EXPORT(int, io_getevents, void *context, long least, long most, void *events, timespec *timeout) {
    return collected(context, events, next::io_getevents(context, least, most, events, timeout));
}

KCAPI_EXPORT(int, io_pgetevents, void *context, long least, long most, void *events, timespec *timeout,
             sigset_t *mask) {
    return collected(context, events, next::io_pgetevents(context, least, most, events, timeout, mask));
}

KCAPI_EXPORT(int, io_destroy, void *context) {
    aio::forget(bits(context));
    return next::io_destroy(context);
}
