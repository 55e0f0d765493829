// SPDX-License-Identifier: BSD-3-Clause
//
// What every driver of a mode of AES must do, whatever library is behind it.
#pragma once

#include "support/aes_reference.hpp"
#include "support/driver_under_test.hpp"

#include <initializer_list>

namespace kcapi::test {

/// Messages of many lengths, up to 200 KB, apart and in place, against EVP. Lengths are multiples of `unit`
/// (and none below a block where that is above 1).
void check_messages(const local::driver &d, std::initializer_list<std::size_t> key_sizes, std::size_t unit);

/// Messages cut into passes at multiples of `unit`: the same bytes, and the same chain at the end.
void check_passes(const local::driver &d, std::size_t key_size, std::size_t unit);

/// ctr(aes) from counters close to a wrap of 32, 64 and 128 bits, over lengths on both sides of it.
void check_counters(const local::driver &d);

/// Keys of all other lengths, and messages that are no multiple of `unit`: EINVAL.
void check_refusals(const local::driver &d, std::initializer_list<std::size_t> key_sizes, std::size_t unit);

} // namespace kcapi::test
