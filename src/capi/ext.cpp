// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h.
#include "capi/ext.hpp"
#include "base/log.hpp"
#include "capi/boundary.hpp"

#include <kcapi_ext.h>

using namespace kcapi;
using namespace kcapi::capi;

KCAPI_EXPORT int kcapi_ext_set_engine(enum kcapi_ext_engine engine) {
    return static_cast<int>(guarded([&]() -> result<void> {
        const result<std::optional<runtime::engine_choice>> choice = choice_of(engine);
        if (!choice)
            return choice.error();
        if (!choice->has_value())
            return error{EINVAL, "the default engine cannot be set as the default"};
        runtime::set_default_engine(**choice);
        return {};
    }));
}

KCAPI_EXPORT int kcapi_ext_set_threads(size_t count) {
    return static_cast<int>(guarded([&]() -> result<void> {
        runtime::set_threads(count);
        return {};
    }));
}

KCAPI_EXPORT const char *kcapi_ext_engine_name(struct kcapi_handle *handle) {
    return is_alive(handle) ? handle->engine : nullptr;
}

KCAPI_EXPORT const char *kcapi_ext_driver_name(struct kcapi_handle *handle) {
    return is_alive(handle) ? handle->session.transform().info().driver_name.c_str() : nullptr;
}

KCAPI_EXPORT const char *kcapi_ext_algorithm_name(struct kcapi_handle *handle) {
    return is_alive(handle) ? handle->session.transform().info().name.c_str() : nullptr;
}

KCAPI_EXPORT const char *kcapi_ext_last_error(void) { return last_error_text(); }

KCAPI_EXPORT int kcapi_ext_set_chunked_iv(struct kcapi_handle *handle, int enable) {
    return static_cast<int>(guarded(handle, [&](kcapi_handle &h) -> result<void> {
        h.chunked_iv = enable != 0;
        return {};
    }));
}

KCAPI_EXPORT void kcapi_ext_set_log(kcapi_ext_log_fn fn, void *context) { base::set_log_sink(fn, context); }
