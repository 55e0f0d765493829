// SPDX-License-Identifier: BSD-3-Clause
//
// A driver that computes what another one computes, but for one fault.
#pragma once

#include "local/driver.hpp"

#include <vector>

namespace kcapi::test {

/// One bit of what comes out is wrong: of a message's last byte, of a digest's, tag's or number's first.
enum class fault : std::uint8_t {
    encryption,
    decryption,
    tag,       ///< aead: of the tag
    any_tag,   ///< aead: a wrong tag is taken for the right one
    digest,    ///< hash
    random,    ///< rng: of each output
    stuck,     ///< rng: every output is zero
    signature, ///< akcipher: of what sign gives
    key,       ///< kpp: of the public key
    secret     ///< kpp: of the shared secret
};

/// The faults that a driver of this kind can have. A generator without known answers can only be stuck.
[[nodiscard]] std::vector<fault> faults_of(const local::driver &d);
[[nodiscard]] const char *name_of(fault f) noexcept;

/// What a wrong driver has for data; it must outlive the driver.
struct wrong_data {
    const local::driver *right;
    fault what;
};

[[nodiscard]] local::driver wrong_driver(const wrong_data &data) noexcept;

} // namespace kcapi::test
