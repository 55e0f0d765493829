// SPDX-License-Identifier: BSD-3-Clause
//
// What a struct kcapi_handle is. Of a destroyed handle only `magic` is ever looked at, to answer EINVAL where
// the memory happens to be untouched.
#pragma once

#include "capi/session.hpp"

#include <kcapi.h>

#include <atomic>

struct kcapi_handle {
    kcapi_handle(std::shared_ptr<kcapi::alg::transform> t, const char *engine_name) noexcept
        : family(t->info().type), engine(engine_name), session(std::move(t)) {}
    ~kcapi_handle() { magic.store(0, std::memory_order_relaxed); }

    static constexpr std::uint64_t alive = 0x6b63617069686e64; // "kcapihnd"
    static constexpr std::size_t default_pipe_size = 131072;

    std::atomic<std::uint64_t> magic{alive};
    const kcapi::alg::kind family;
    const char *engine;
    kcapi::capi::session session;
    std::atomic<std::size_t> pipe_size{default_pipe_size};
    std::atomic<bool> chunked_iv{false};
    /// aead: the tag length that was set, 0 until then; shared like the transform on which it was set.
    std::shared_ptr<std::atomic<std::uint32_t>> tag_len;
    /// aead: the associated-data length of the next message.
    std::atomic<std::size_t> assoc_len{0};
};
