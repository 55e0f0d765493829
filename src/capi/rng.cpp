// SPDX-License-Identifier: BSD-3-Clause
//
// Random number generators.
#include "base/log.hpp"
#include "capi/boundary.hpp"
#include "capi/open.hpp"
#include "capi/output_guard.hpp"

#include <cstdint>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// A generator gives at most 128 bytes at a time (Linux, crypto/algif_rng.c); it is asked until there are
/// enough.
result<std::size_t> generate(session &s, base::mutable_bytes out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const iovec rest = base::to_iovec(out.subspan(done));
        const result<std::size_t> r = s.collect({&rest, 1});
        if (!r)
            return r;
        if (*r == 0)
            return error{EIO, "the generator gave nothing"};
        done += *r;
    }
    return done;
}

} // namespace

KCAPI_EXPORT int kcapi_rng_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, alg::kind::rng, ciphername); }));
}

KCAPI_EXPORT void kcapi_rng_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_rng_seed(struct kcapi_handle *handle, uint8_t *seed, uint32_t seed_len) {
    return static_cast<int>(guarded(handle, [&](kcapi_handle &h) {
        base::log(base::log_level::verbose, "generator is seeded with %u bytes", seed_len);
        return set_key(h, seed, seed_len);
    }));
}

KCAPI_EXPORT ssize_t kcapi_rng_generate(struct kcapi_handle *handle, uint8_t *buffer, size_t len) {
    return guarded(handle, [&](kcapi_handle &h) -> result<std::size_t> {
        if (len > PTRDIFF_MAX)
            return error{EMSGSIZE, "rng_generate: len is above what a result can tell"};
        if (buffer == nullptr && len != 0)
            return error{EFAULT, "NULL buffer with a length"};
        output_guard guard({buffer, len});
        result<std::size_t> r = generate(h.session, {buffer, len});
        if (r)
            guard.complete();
        return r;
    });
}
