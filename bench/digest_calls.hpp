// SPDX-License-Identifier: BSD-3-Clause
//
// Digests and HMAC of whole messages: one, or batch_messages of them.
#pragma once

#include "calls.hpp"

namespace bench {

/// kcapi_md_digest; a batch by one call of kcapi_ext_batch.
[[nodiscard]] batch kcapi_digests(const bench_case &c, const buffers &data);
/// Init, update, final on one context, message after message.
[[nodiscard]] batch evp_digests(const bench_case &c, const buffers &data);

} // namespace bench
