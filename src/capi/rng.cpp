// SPDX-License-Identifier: BSD-3-Clause
//
// Random number generators.
#include "base/log.hpp"
#include "base/sys.hpp"
#include "capi/boundary.hpp"
#include "capi/open.hpp"
#include "capi/output_guard.hpp"

#include <cstdint>

using namespace kcapi;
using namespace kcapi::capi;

namespace {

/// What the library seeds a generator with, if that wants a seed: its size, but no less than this.
constexpr std::uint32_t shortest_seed = 32;

/// A generator gives at most 128 bytes at a time (Linux, crypto/algif_rng.c); it is asked until there are
/// enough, or answers `dry` by giving nothing.
result<std::size_t> generate(session &s, base::mutable_bytes out, int dry) {
    std::size_t done = 0;
    while (done < out.size()) {
        const iovec rest = base::to_iovec(out.subspan(done));
        const result<std::size_t> r = s.collect({&rest, 1});
        if (!r)
            return r;
        if (*r == 0)
            return error{dry, "the generator gave nothing"};
        done += *r;
    }
    return done;
}

/// A seed from the system for a generator that wants one; others take their entropy themselves.
result<void> seed_from_system(alg::transform &generator) {
    const std::uint32_t wanted = generator.info().seed_size;
    result<base::secret_buffer> seed =
        base::secret_buffer::make(wanted == 0 ? 0 : std::max(wanted, shortest_seed));
    if (!seed)
        return seed.error();
    if (const result<void> r = base::sys::random_bytes(seed->span()); !r)
        return r;
    if (const result<std::uint32_t> r = generator.set(alg::parameter::key, seed->view()); !r)
        return r.error();
    return {};
}

/// A generator's parameter or additional data: any bytes, or none.
result<base::bytes> checked_bytes(const std::uint8_t *data, std::size_t length) noexcept {
    if (data == nullptr && length != 0)
        return error{EFAULT, "NULL buffer with a length"};
    return base::bytes(data, length);
}

} // namespace

KCAPI_EXPORT int kcapi_rng_init(struct kcapi_handle **handle, const char *ciphername, uint32_t) {
    return static_cast<int>(guarded([&] { return open_handle(handle, alg::kind::rng, ciphername); }));
}

KCAPI_EXPORT void kcapi_rng_destroy(struct kcapi_handle *handle) { destroy_handle(handle); }

KCAPI_EXPORT int kcapi_rng_seed(struct kcapi_handle *handle, uint8_t *seed, uint32_t seed_len) {
    return static_cast<int>(guarded(handle, alg::kind::rng, [&](kcapi_handle &h) {
        base::log(base::log_level::verbose, "generator is seeded with %u bytes", seed_len);
        return set_key(h, seed, seed_len);
    }));
}

KCAPI_EXPORT ssize_t kcapi_rng_generate(struct kcapi_handle *handle, uint8_t *buffer, size_t len) {
    return guarded(handle, alg::kind::rng, [&](kcapi_handle &h) -> result<std::size_t> {
        if (len > PTRDIFF_MAX)
            return error{EMSGSIZE, "rng_generate: len is above what a result can tell"};
        if (buffer == nullptr && len != 0)
            return error{EFAULT, "NULL buffer with a length"};
        output_guard guard({buffer, len});
        result<std::size_t> r = generate(h.session, {buffer, len}, EIO);
        if (r)
            guard.complete();
        return r;
    });
}

KCAPI_EXPORT int kcapi_rng_setentropy(struct kcapi_handle *handle, uint8_t *ent, uint32_t ent_len) {
    return static_cast<int>(guarded(handle, alg::kind::rng, [&](kcapi_handle &h) -> result<void> {
        const result<base::bytes> entropy = checked_bytes(ent, ent_len);
        if (!entropy)
            return entropy.error();
        const result<std::uint32_t> r = h.session.transform().set(alg::parameter::entropy, *entropy);
        if (!r)
            return r.error();
        return {};
    }));
}

KCAPI_EXPORT int kcapi_rng_setaddtl(struct kcapi_handle *handle, uint8_t *addtl, uint32_t len) {
    return static_cast<int>(guarded(handle, alg::kind::rng, [&](kcapi_handle &h) -> result<void> {
        if (len > INT_MAX)
            return error{EMSGSIZE, "rng_setaddtl: len is above INT_MAX"};
        const result<base::bytes> additional = checked_bytes(addtl, len);
        if (!additional)
            return additional.error();
        const result<std::size_t> taken = h.session.add(*additional);
        if (!taken)
            return taken.error();
        if (*taken != len)
            return error{EIO, "rng_setaddtl: the generator took a part"};
        return {};
    }));
}

KCAPI_EXPORT uint32_t kcapi_rng_seedsize(struct kcapi_handle *handle) {
    return is_of(handle, alg::kind::rng) ? handle->session.transform().info().seed_size : 0;
}

KCAPI_EXPORT ssize_t kcapi_rng_get_bytes(uint8_t *buffer, size_t out_len) {
    return guarded([&]() -> result<std::size_t> {
        if (out_len > PTRDIFF_MAX)
            return error{EMSGSIZE, "rng_get_bytes: outlen is above what a result can tell"};
        if (buffer == nullptr && out_len != 0)
            return error{EFAULT, "NULL buffer with a length"};
        output_guard guard({buffer, out_len});
        const result<runtime::opened> o = open_algorithm(alg::kind::rng, "stdrng");
        if (!o)
            return o.error();
        if (const result<void> r = seed_from_system(*o->transform); !r)
            return r.error();
        session s(o->transform);
        result<std::size_t> r = generate(s, {buffer, out_len}, EFAULT);
        if (r)
            guard.complete();
        return r;
    });
}
