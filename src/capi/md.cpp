// SPDX-License-Identifier: BSD-3-Clause
//
// Message digests, keyed or not.
#include "capi/md.hpp"

#include "capi/boundary.hpp"
#include "capi/open.hpp"

using namespace kcapi;
using namespace kcapi::capi;

namespace {

std::uint32_t digest_size_of(const kcapi_handle &h) noexcept {
    return h.session.transform().info().digest_size;
}

} // namespace

KCAPI_EXPORT int kcapi_md_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, alg::kind::hash, ciphername); }));
}

KCAPI_EXPORT void kcapi_md_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_md_setkey(struct kcapi_handle *handle, const uint8_t *key, uint32_t key_len) {
    return static_cast<int>(
        guarded(handle, alg::kind::hash, [&](kcapi_handle &h) { return set_key(h, key, key_len); }));
}

KCAPI_EXPORT uint32_t kcapi_md_digestsize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::hash) ? digest_size_of(*handle) : 0;
}

KCAPI_EXPORT uint32_t kcapi_md_blocksize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::hash) ? handle->session.transform().info().block_size : 0;
}

KCAPI_EXPORT ssize_t kcapi_md_update(struct kcapi_handle *handle, const uint8_t *buffer, size_t len) {
    return guarded(handle, alg::kind::hash, [&](kcapi_handle &h) -> result<void> {
        const result<base::bytes> data = hash_input(buffer, len);
        if (!data)
            return data.error();
        return h.session.hash_update(*data);
    });
}

KCAPI_EXPORT ssize_t kcapi_md_final(struct kcapi_handle *handle, uint8_t *buffer, size_t len) {
    return guarded(handle, alg::kind::hash, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::mutable_bytes> out = hash_output(buffer, len, digest_size_of(h));
        if (!out)
            return out.error();
        return h.session.hash_finish(*out);
    });
}

KCAPI_EXPORT ssize_t kcapi_md_digest(struct kcapi_handle *handle, const uint8_t *in, size_t in_len,
                                     uint8_t *out, size_t out_len) {
    return guarded(handle, alg::kind::hash, [&](kcapi_handle &h) -> result<std::size_t> {
        const result<base::bytes> data = hash_input(in, in_len);
        if (!data)
            return data.error();
        const result<base::mutable_bytes> room = hash_output(out, out_len, digest_size_of(h));
        if (!room)
            return room.error();
        return h.session.hash_digest(*data, *room);
    });
}
