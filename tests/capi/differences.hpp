// SPDX-License-Identifier: BSD-3-Clause
//
// All that a test may expect differently by engine or machine. A test that asks nothing here expects the same
// everywhere.
#pragma once

#include "capi/support.hpp"

#include <optional>
#include <set>

namespace kcapi::test {

/// What the machine answers to socket(AF_ALG): nothing if it has AF_ALG, else the errno value.
std::optional<int> af_alg_refusal();

/// What the kernel answers to whoever asks for an algorithm: nothing if it has it for this process, else the
/// errno value of socket or bind. Linux 7.3 has most algorithms for privileged processes only, or for none
/// (crypto.af_alg_restrict).
std::optional<int> kernel_refusal(const char *type = "skcipher", const char *name = "cbc(aes)");

/// Who must serve an algorithm that the local engine has: "auto" takes it too, since the guests
/// of these tests have no hardware of the kernel's own.
const char *serving_engine();

/// The results allowed for a name that cannot be served. `number` is that of Linux 6.12. Kernels before 6.2
/// answer ENOENT to whatever is wrong with a name. With "auto", what the local engine does not know is the
/// kernel's to refuse: where there is no AF_ALG, with that number.
std::set<int> refusals(int number);

/// Into how many buffers a stream can be collected at once: on the kernel engine with Linux before 6.7 (by
/// its net.core.optmem_max) a longer list is ENOMEM, and the data stay.
std::size_t most_collecting_buffers();

/// What a stream's buffer takes before a writer sleeps: the kernel's depends on net.core.wmem_default.
std::size_t stream_capacity();

} // namespace kcapi::test
