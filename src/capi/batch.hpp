// SPDX-License-Identifier: BSD-3-Clause
//
// What the aio functions share: many messages through one session.
#pragma once

#include "capi/session.hpp"

#include <array>
#include <cerrno>

namespace kcapi::capi {

/// Messages handed to an engine at a time.
inline constexpr std::size_t batch_size = 64;

/// Processes `count` messages in their order, each whatever became of the others.
///
///   prepare(i, request, output) -> bool   fills in message i, whose one output buffer is `output`; false:
///   there is
///                                         nothing to do for it
///   finish(outcome, output)               sees what became of a message
///
/// Returns the sum of the outcomes, or the first failure.
template <class Prepare, class Finish>
result<std::size_t> submit_each(session &s, std::size_t count, Prepare prepare, Finish finish) {
    std::array<alg::request, batch_size> requests;
    std::array<iovec, batch_size> outputs;
    result<std::size_t> sum = 0U;
    for (std::size_t next = 0; next < count;) {
        std::size_t n = 0;
        for (; next < count && n < batch_size; ++next) {
            requests[n] = {};
            requests[n].out = {&outputs[n], 1};
            if (prepare(next, requests[n], outputs[n]))
                ++n;
        }
        if (n == 0)
            break;
        const result<void> submitted = s.submit({requests.data(), n});
        for (std::size_t i = 0; i < n; ++i) {
            const result<std::size_t> outcome = submitted ? requests[i].outcome : submitted.error();
            finish(outcome, outputs[i]);
            if (sum)
                sum = outcome ? result<std::size_t>(*sum + *outcome) : outcome;
        }
    }
    return sum;
}

} // namespace kcapi::capi
