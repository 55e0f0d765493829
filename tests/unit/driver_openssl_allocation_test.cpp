// SPDX-License-Identifier: BSD-3-Clause
//
// A message takes no memory: not from the drivers over libcrypto, and not from libcrypto.
#include "capi/failing_malloc.hpp"
#include "drivers/openssl/module.hpp"
#include "support/aead_under_test.hpp"
#include "support/driver_under_test.hpp"

#include <gtest/gtest.h>

using namespace kcapi;
using namespace kcapi::test;

TEST(driver_openssl_allocation, an_aead_message_takes_none) {
    for (const char *const name : {"gcm(aes)", "ccm(aes)", "rfc7539(chacha20,poly1305)"}) {
        const local::driver &d = find_driver(*kcapi_driver_module_openssl(), name);
        keyed_aead aead(d, pattern_key(d.sizes.max_key_size));
        byte_vector iv(d.sizes.iv_size, 2);
        byte_vector assoc = pattern_message(20);
        byte_vector data = pattern_message(1000);
        byte_vector tag(16);
        const local::aead_message m{iv.data(), assoc, data.data(), data.data(), data.size()};
        const auto both = [&] {
            ++iv[5];
            const int code = aead.context().encrypt(m, tag);
            return code != 0 ? code : aead.context().decrypt(m, tag);
        };
        ASSERT_EQ(both(), 0);
        int code = 0;
        bool felt = false;
        {
            const memory_shortage memory(0, shortage::from_then_on);
            for (int i = 0; i < 100 && code == 0; ++i)
                code = both();
            felt = memory.was_felt();
        }
        EXPECT_EQ(code, 0) << name;
        EXPECT_FALSE(felt) << name;
    }
}
