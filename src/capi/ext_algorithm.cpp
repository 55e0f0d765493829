// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_ext.h: handles of any family, and what an algorithm is.
#include "capi/boundary.hpp"
#include "capi/ext.hpp"
#include "capi/open.hpp"

#include <cstring>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

kcapi_ext_algorithm describe(const char *engine, const alg::properties &info) noexcept {
    return {.type = alg::kind_name(info.type).data(), // a literal, so it ends with NUL
            .name = info.name.c_str(),
            .driver_name = info.driver_name.c_str(),
            .engine = engine,
            .priority = info.priority,
            .block_size = info.block_size,
            .iv_size = info.iv_size,
            .min_key_size = info.min_key_size,
            .max_key_size = info.max_key_size,
            .max_tag_size = info.max_tag_size,
            .digest_size = info.digest_size,
            .seed_size = info.seed_size,
            .hardware = info.hardware ? 1U : 0U,
            .chunk_size = info.chunk_size,
            .self_test = static_cast<std::uint32_t>(info.state)};
}

static_assert(static_cast<int>(alg::self_test::unknown) == KCAPI_EXT_SELF_TEST_UNKNOWN &&
              static_cast<int>(alg::self_test::passed) == KCAPI_EXT_SELF_TEST_PASSED &&
              static_cast<int>(alg::self_test::failed) == KCAPI_EXT_SELF_TEST_FAILED &&
              static_cast<int>(alg::self_test::unavailable) == KCAPI_EXT_SELF_TEST_UNAVAILABLE);

} // namespace

KCAPI_EXPORT int kcapi_ext_init(struct kcapi_handle **handle, const char *type, const char *name, uint32_t,
                                enum kcapi_ext_engine engine) {
    return static_cast<int>(guarded([&]() -> result<void> {
        const result<std::optional<runtime::engine_choice>> choice = choice_of(engine);
        if (!choice)
            return choice.error();
        const std::optional<alg::kind> kind = type == nullptr ? std::nullopt : alg::kind_from_name(type);
        if (!kind)
            return error{EINVAL, "unknown type of algorithm"};
        return open_handle(handle, *kind, name, *choice);
    }));
}

KCAPI_EXPORT int kcapi_ext_describe(struct kcapi_handle *handle, struct kcapi_ext_algorithm *out,
                                    size_t out_size) {
    return static_cast<int>(guarded(handle, [&](kcapi_handle &h) -> result<void> {
        if (out_size == 0)
            return {};
        if (out == nullptr)
            return error{EFAULT, "NULL buffer with a length"};
        const kcapi_ext_algorithm known = describe(h.engine, h.session.transform().info());
        // A newer program's struct is longer, an older one's shorter.
        std::memset(out, 0, out_size);
        std::memcpy(out, &known, std::min(out_size, sizeof known));
        return {};
    }));
}

KCAPI_EXPORT int kcapi_ext_list(enum kcapi_ext_engine engine, kcapi_ext_list_fn fn, void *context) {
    int ended = 0;
    const ssize_t r = guarded([&]() -> result<void> {
        const result<std::optional<runtime::engine_choice>> choice = choice_of(engine);
        if (!choice)
            return choice.error();
        if (fn == nullptr)
            return error{EINVAL, "list: no function"};
        return runtime::list(*choice, [&](const char *name, const alg::properties &info) {
            if (ended != 0)
                return;
            const kcapi_ext_algorithm algorithm = describe(name, info);
            ended = fn(context, &algorithm);
        });
    });
    return r != 0 ? static_cast<int>(r) : ended;
}
