// SPDX-License-Identifier: BSD-3-Clause
#include "capi/open.hpp"

#include "capi/boundary.hpp"

#include <cstring>

namespace kcapi::capi {

result<runtime::opened> open_algorithm(alg::kind type, const char *name,
                                       std::optional<runtime::engine_choice> choice) {
    result<runtime::opened> o = runtime::open(type, name, choice);
    if (!o) {
        const int code = o.error().code;
        explain("%s \"%.128s\" is not available: %s: %s (%s); %s", alg::kind_name(type).data(), name,
                o.error().where, ::strerrordesc_np(code), ::strerrorname_np(code), runtime::advice(code));
    }
    return o;
}

result<void> open_handle(kcapi_handle **handle, alg::kind type, const char *name,
                         std::optional<runtime::engine_choice> choice) {
    if (handle == nullptr || name == nullptr)
        return error{EINVAL, "init: handle or name is NULL"};
    result<runtime::opened> o = open_algorithm(type, name, choice);
    if (!o)
        return o.error();
    auto tag_len = type == alg::kind::aead ? std::make_shared<std::atomic<std::uint32_t>>(0U) : nullptr;
    *handle = new kcapi_handle(std::move(o->transform), o->engine);
    (*handle)->tag_len = std::move(tag_len);
    return {};
}

void destroy_handle(kcapi_handle *handle) noexcept {
    if (!is_alive(handle))
        return;
    const int saved_errno = errno;
    handle->session.close();
    delete handle;
    errno = saved_errno;
}

result<void> set_key(kcapi_handle &handle, const uint8_t *key, uint32_t key_len) {
    if (key == nullptr && key_len != 0)
        return error{EFAULT, "setkey: NULL key with a length"};
    const result<std::uint32_t> r = handle.session.transform().set(alg::parameter::key, {key, key_len});
    if (!r)
        return r.error();
    return {};
}

} // namespace kcapi::capi
