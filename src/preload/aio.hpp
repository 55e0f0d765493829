// SPDX-License-Identifier: BSD-3-Clause
//
// Linux AIO on descriptors of ours. As in the kernel, where AF_ALG completes inside io_submit: the request is
// served at once. Its completion still goes through the kernel's context, so that waiting, limits, eventfd
// and requests on other files are as ever: what is submitted in its place is a write of as many bytes as the
// result has to /dev/null. A result that is an error is put in when the event is collected.
#pragma once

#include <cstddef>

struct iocb;
struct io_event;

namespace kcapi::preload::aio {

/// How many requests were taken; a negative errno if the first was refused.
[[nodiscard]] long submit(long context, long count, iocb **list);

/// Puts results into `count` events that the kernel gave for the context.
void complete(long context, io_event *events, long count) noexcept;

/// The context is gone.
void forget(long context) noexcept;

} // namespace kcapi::preload::aio
