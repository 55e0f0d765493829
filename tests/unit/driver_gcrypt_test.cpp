// SPDX-License-Identifier: BSD-3-Clause
//
// The modes of AES over libgcrypt against EVP and against the standard block by block.
#include "drivers/gcrypt/module.hpp"
#include "support/mode_checks.hpp"

#include <gtest/gtest.h>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

const local::driver &mode(const char *name) { return find_driver(*kcapi_driver_module_gcrypt(), name); }

} // namespace

TEST(driver_gcrypt, messages_are_those_of_evp_in_place_and_apart) {
    for (const char *const name : {"cbc(aes)", "ctr(aes)", "xts(aes)"})
        ASSERT_TRUE(mode(name).available(mode(name), false)) << name;
    check_messages(mode("cbc(aes)"), {16, 24, 32}, 16);
    check_messages(mode("ctr(aes)"), {16, 24, 32}, 1);
    check_messages(mode("xts(aes)"), {32, 64}, 16);
}

TEST(driver_gcrypt, passes_join_to_the_message) {
    check_passes(mode("cbc(aes)"), 32, 16);
    check_passes(mode("ctr(aes)"), 32, 16);
}

TEST(driver_gcrypt, counter_wraps_as_a_number_of_128_bits) { check_counters(mode("ctr(aes)")); }

/// libgcrypt takes 16 MiB of one unit.
TEST(driver_gcrypt, xts_above_16_mib_is_one_message) {
    const std::size_t size = (std::size_t{16} << 20) + 4096 + 16;
    const byte_vector key = pattern_key(64);
    const byte_vector in = pattern_message(size);
    keyed_driver d(mode("xts(aes)"), key);
    const byte_vector sealed = d.message(direction::encrypt, pattern_iv(), in);
    EXPECT_TRUE(sealed == xts_by_blocks(direction::encrypt, key, pattern_iv(), in));
    EXPECT_TRUE(d.message(direction::decrypt, pattern_iv(), sealed) == in);
}

TEST(driver_gcrypt, lengths_and_keys_that_aes_does_not_have_are_refused) {
    check_refusals(mode("cbc(aes)"), {16, 24, 32}, 16);
    check_refusals(mode("ctr(aes)"), {16, 24, 32}, 1);
    check_refusals(mode("xts(aes)"), {32, 48, 64}, 16);
}
