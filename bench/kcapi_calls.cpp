// SPDX-License-Identifier: BSD-3-Clause
#include "kcapi_calls.hpp"

#include <kcapi.h>
#include <kcapi_ext.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace bench {

namespace {

[[noreturn, gnu::cold]] void fail(const char *what) {
    std::fprintf(stderr, "kcapi: %s: %s\n", what, kcapi_ext_last_error());
    std::exit(EXIT_FAILURE);
}

kcapi_handle *keyed(const subject &s) {
    kcapi_handle *h = nullptr;
    if (kcapi_ext_init(&h, "skcipher", s.algorithm, 0, KCAPI_EXT_ENGINE_LOCAL) != 0)
        fail(s.algorithm);
    if (kcapi_cipher_setkey(h, key().data(), static_cast<std::uint32_t>(s.key_size)) != 0)
        fail("setkey");
    return h;
}

using shared_handle = std::shared_ptr<kcapi_handle>;

shared_handle share(const subject &s) { return {keyed(s), kcapi_cipher_destroy}; }

void begin(kcapi_handle *h, const subject &s) {
    const ssize_t r = s.encrypt ? kcapi_cipher_stream_init_enc(h, iv.data(), nullptr, 0)
                                : kcapi_cipher_stream_init_dec(h, iv.data(), nullptr, 0);
    if (r < 0)
        fail("stream_init");
}

} // namespace

batch kcapi_one_shot(const bench_case &c, const buffers &data) {
    const auto call = c.what->encrypt ? kcapi_cipher_encrypt : kcapi_cipher_decrypt;
    return [h = share(*c.what), data, call](std::size_t calls) {
        const std::size_t size = data->in.size();
        for (std::size_t i = 0; i < calls; ++i)
            if (call(h.get(), data->in.data(), size, iv.data(), data->out.data(), size,
                     KCAPI_ACCESS_HEURISTIC) != static_cast<ssize_t>(size))
                fail("one-shot");
    };
}

batch kcapi_threads(const bench_case &c, const buffers &data, std::size_t threads) {
    return [call = kcapi_one_shot(c, data), threads](std::size_t calls) {
        if (kcapi_ext_set_threads(threads) != 0)
            fail("set_threads");
        call(calls);
        if (kcapi_ext_set_threads(0) != 0)
            fail("set_threads");
    };
}

batch kcapi_stream(const bench_case &c, const buffers &data) {
    shared_handle h = share(*c.what);
    if (c.what->continues)
        begin(h.get(), *c.what);
    const bool borrows = c.how == path::borrowed;
    return [h = std::move(h), data, s = c.what, borrows](std::size_t calls) {
        const std::size_t size = data->in.size();
        for (std::size_t i = 0; i < calls; ++i)
            for (std::size_t done = 0; done < size;) {
                const std::size_t n = std::min(piece_size, size - done);
                iovec in{data->in.data() + done, n};
                iovec out{data->out.data() + done, n};
                if (!s->continues)
                    begin(h.get(), *s);
                const ssize_t taken = borrows        ? kcapi_ext_stream_update_borrowed(h.get(), &in, 1, 0)
                                      : s->continues ? kcapi_cipher_stream_update(h.get(), &in, 1)
                                                     : kcapi_cipher_stream_update_last(h.get(), &in, 1);
                if (taken != static_cast<ssize_t>(n))
                    fail("stream_update");
                if (kcapi_cipher_stream_op(h.get(), &out, 1) != static_cast<ssize_t>(n))
                    fail("stream_op");
                done += n;
            }
    };
}

batch kcapi_batch(const bench_case &c, const buffers &data) {
    const auto call = c.what->encrypt ? kcapi_cipher_encrypt_aio : kcapi_cipher_decrypt_aio;
    std::array<iovec, batch_messages> in{};
    std::array<iovec, batch_messages> out{};
    for (std::size_t i = 0; i < batch_messages; ++i) {
        in[i] = {data->in.data() + i * c.size, c.size};
        out[i] = {data->out.data() + i * c.size, c.size};
    }
    return [h = share(*c.what), data, call, in, out](std::size_t calls) mutable {
        for (std::size_t i = 0; i < calls; ++i)
            if (call(h.get(), in.data(), out.data(), in.size(), iv.data(), KCAPI_ACCESS_HEURISTIC) !=
                static_cast<ssize_t>(data->in.size()))
                fail("aio");
    };
}

batch kcapi_set_up(const bench_case &c) {
    return [s = c.what](std::size_t calls) {
        for (std::size_t i = 0; i < calls; ++i)
            kcapi_cipher_destroy(keyed(*s));
    };
}

std::string kcapi_driver(const bench_case &c) {
    const char *const type = c.what->type == family::skcipher ? "skcipher"
                             : c.what->type == family::aead   ? "aead"
                                                              : "hash";
    kcapi_handle *h = nullptr;
    if (kcapi_ext_init(&h, type, c.what->algorithm, 0, KCAPI_EXT_ENGINE_LOCAL) != 0)
        fail(c.what->algorithm);
    return kcapi_ext_driver_name(shared_handle(h, kcapi_cipher_destroy).get());
}

} // namespace bench
