// SPDX-License-Identifier: BSD-3-Clause
//
// The work by the C interface of libkcapi.so.1, local engine.
#pragma once

#include "calls.hpp"

namespace bench {

[[nodiscard]] batch kcapi_one_shot(const bench_case &c, const buffers &data);
/// One message for good, put in and collected in turns; in a mode that does not continue, a message per
/// piece.
[[nodiscard]] batch kcapi_stream(const bench_case &c, const buffers &data);
/// The same by so many threads; 0: as many as there are processors.
[[nodiscard]] batch kcapi_threads(const bench_case &c, const buffers &data, std::size_t threads);
/// By one aio call.
[[nodiscard]] batch kcapi_batch(const bench_case &c, const buffers &data);
/// init, setkey, destroy.
[[nodiscard]] batch kcapi_set_up(const bench_case &c);

/// Who computes, "cbc-aes-openssl".
[[nodiscard]] std::string kcapi_driver(const bench_case &c);

} // namespace bench
