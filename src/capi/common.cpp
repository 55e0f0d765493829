// SPDX-License-Identifier: BSD-3-Clause
//
// Handles and utilities.
#include "base/log.hpp"
#include "base/secret.hpp"
#include "base/sys.hpp"
#include "capi/boundary.hpp"
#include "capi/open.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

// The level of libkcapi's interface that this library has; not the version of its own.
constexpr unsigned abi_major = 1;
constexpr unsigned abi_minor = 5;
constexpr unsigned abi_patch = 1;

constexpr std::size_t iv_alignment = 16;

/// What the kernel would make of a pipe of this size, with its own errors. The pipe is only asked, not kept.
result<std::size_t> possible_pipe_size(unsigned size) {
    const result<base::sys::pipe_pair> pipe = base::sys::pipe();
    if (!pipe)
        return pipe.error();
    return base::sys::set_pipe_size(pipe->write_end.get(), size);
}

} // namespace

KCAPI_EXPORT int kcapi_handle_reinit(struct kcapi_handle **newhandle, struct kcapi_handle *existing,
                                     uint32_t) {
    return static_cast<int>(guarded(existing, [&](kcapi_handle &h) -> result<void> {
        if (newhandle == nullptr)
            return error{EINVAL, "reinit: newhandle is NULL"};
        auto *const made = new kcapi_handle(h.session.shared_transform(), h.engine);
        made->chunked_iv = h.chunked_iv.load();
        made->tag_len = h.tag_len;
        *newhandle = made;
        return {};
    }));
}

KCAPI_EXPORT void kcapi_set_verbosity(enum kcapi_verbosity level) {
    base::set_log_level(static_cast<base::log_level>(level));
}

KCAPI_EXPORT void kcapi_versionstring(char *buf, uint32_t buf_len) {
    if (buf != nullptr && buf_len != 0)
        (void)std::snprintf(buf, buf_len, "libkcapi %u.%u.%u", abi_major, abi_minor, abi_patch);
}

KCAPI_EXPORT uint32_t kcapi_version(void) {
    return abi_major * 1000000 + abi_minor * 10000 + abi_patch * 100;
}

KCAPI_EXPORT int kcapi_pad_iv(struct kcapi_handle *handle, const uint8_t *iv, uint32_t iv_len,
                              uint8_t **new_iv, uint32_t *new_iv_len) {
    return static_cast<int>(guarded(handle, [&](kcapi_handle &h) -> result<void> {
        if (new_iv == nullptr || new_iv_len == nullptr)
            return error{EINVAL, "pad_iv: output is NULL"};
        if (iv == nullptr && iv_len != 0)
            return error{EFAULT, "pad_iv: NULL IV with a length"};
        const std::uint32_t size = h.session.transform().info().iv_size;
        // aligned_alloc wants a multiple of the alignment, and something to free even if there is no IV.
        const std::size_t room = (size / iv_alignment + 1) * iv_alignment;
        auto *const padded = static_cast<std::uint8_t *>(std::aligned_alloc(iv_alignment, room));
        if (padded == nullptr)
            return error{ENOMEM, "pad_iv"};
        std::memset(padded, 0, room);
        if (iv_len != 0)
            std::memcpy(padded, iv, std::min(iv_len, size));
        *new_iv = padded;
        *new_iv_len = size;
        return {};
    }));
}

KCAPI_EXPORT void kcapi_memset_secure(void *s, int c, size_t n) {
    if (s == nullptr || n == 0)
        return;
    if (c == 0) {
        base::wipe(s, n);
        return;
    }
    std::memset(s, c, n);
    // The memory is said to be read here, so that the stores above have a reader.
    asm volatile("" : : "r"(s) : "memory");
}

KCAPI_EXPORT int kcapi_set_maxsplicesize(struct kcapi_handle *handle, unsigned int size) {
    return static_cast<int>(guarded(handle, [&](kcapi_handle &h) -> result<void> {
        const result<std::size_t> possible = possible_pipe_size(size);
        if (!possible) {
            base::log(base::log_level::warn, "splice size %u is not possible: %s", size,
                      ::strerrordesc_np(possible.error().code));
            return possible.error();
        }
        h.pipe_size = *possible;
        return {};
    }));
}

KCAPI_EXPORT int kcapi_get_maxsplicesize(struct kcapi_handle *handle) {
    return static_cast<int>(guarded(handle, [&](kcapi_handle &h) -> result<std::size_t> {
        // A page less, for data that begins in the middle of one.
        const std::size_t size = h.pipe_size;
        const std::size_t page = base::sys::page_size();
        return size > page ? size - page : size;
    }));
}
