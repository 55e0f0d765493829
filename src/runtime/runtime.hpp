// SPDX-License-Identifier: BSD-3-Clause
//
// The composition root: makes the engines on first use, applies the environment, decides who serves an
// algorithm. Nothing here is ever destroyed, so that a call during process exit still finds it.
//
// Choice per process: KCAPI_ENGINE (kernel, local, auto; read once, with secure_getenv) or
// set_default_engine(). An unknown value makes every algorithm unavailable (ENOENT); it never falls back.
// KCAPI_THREADS is how many threads may work on one long message.
// KCAPI_DRIVER forces a driver or provider of the local engine, and with it the local engine.
#pragma once

#include "alg/engine.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace kcapi::runtime {

enum class engine_choice : std::uint8_t { automatic, kernel, local };

struct opened {
    std::shared_ptr<alg::transform> transform;
    const char *engine = ""; ///< "kernel" or "local"
};

/// Opens an algorithm on the chosen engine. On failure one line at ERR level says what was tried and what to
/// do.
[[nodiscard]] result<opened> open(alg::kind type, std::string_view name, std::optional<engine_choice> choice);

/// Calls `visit` for each algorithm of the chosen engine, by automatic of both. An engine that cannot be
/// asked has none.
[[nodiscard]] result<void>
list(std::optional<engine_choice> choice,
     const std::function<void(const char *engine, const alg::properties &)> &visit);

/// What a person can do about a failed open. A literal.
[[nodiscard]] const char *advice(int code) noexcept;

/// For handles made from now on; overrides KCAPI_ENGINE.
void set_default_engine(engine_choice choice) noexcept;

/// How many threads may work on one message; 0: as many as there are processors. Overrides KCAPI_THREADS.
void set_threads(std::size_t count);

} // namespace kcapi::runtime
