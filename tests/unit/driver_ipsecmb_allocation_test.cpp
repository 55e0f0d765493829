// SPDX-License-Identifier: BSD-3-Clause
//
// Memory that runs out under the drivers over intel-ipsec-mb.
#include "capi/child.hpp"
#include "capi/failing_malloc.hpp"
#include "drivers/ipsecmb/module.hpp"
#include "support/aead_under_test.hpp"
#include "support/driver_under_test.hpp"

#include <gtest/gtest.h>

using namespace kcapi;
using namespace kcapi::test;
using local::direction;

namespace {

const local::driver &driver_of(const char *name) { return find_driver(*kcapi_driver_module_ipsecmb(), name); }

} // namespace

TEST(driver_ipsecmb_allocation, a_message_takes_none) {
    keyed_aead gcm(driver_of("gcm(aes)"), pattern_key(32));
    keyed_driver cbc(driver_of("cbc(aes)"), pattern_key(32));
    keyed_driver ctr(driver_of("ctr(aes)"), pattern_key(32));
    byte_vector iv(12, 2);
    byte_vector assoc(20);
    byte_vector data = pattern_message(100000);
    byte_vector tag(16);
    const local::aead_message m{iv.data(), assoc, data.data(), data.data(), data.size()};
    const auto all = [&] {
        int code = gcm.context().encrypt(m, tag);
        if (code == 0)
            code = gcm.context().decrypt(m, tag);
        for (keyed_driver *const d : {&cbc, &ctr})
            if (code == 0)
                code = d->pass(direction::encrypt, data.data(), data.data(), data.size());
        return code;
    };
    ASSERT_EQ(all(), 0);
    int code = 0;
    bool felt = false;
    {
        const memory_shortage memory(0, shortage::from_then_on);
        for (int i = 0; i < 10 && code == 0; ++i)
            code = all();
        felt = memory.was_felt();
    }
    EXPECT_EQ(code, 0);
    EXPECT_FALSE(felt);
}

/// Each allocation of a first use fails: the answer is ENOMEM, or "not available" with ENOMEM in errno, and
/// once there is memory the driver serves.
TEST(driver_ipsecmb_allocation, of_a_first_use_is_enomem_and_passes) {
    const byte_vector key = pattern_key(32);
    const byte_vector expected =
        by_evp("cbc(aes)", direction::encrypt, key, pattern_iv(), pattern_message(64));
    for (std::size_t n = 0; n < 20; ++n)
        for (const shortage kind : {shortage::once, shortage::from_then_on})
            EXPECT_TRUE(passes_in_child([&] {
                const local::driver &d = driver_of("cbc(aes)");
                byte_vector out(64);
                const byte_vector in = pattern_message(64);
                local::chain c;
                c.set(pattern_iv());
                bool available = false;
                int reason = 0;
                int code = 0;
                bool opened = false;
                {
                    std::unique_ptr<local::skcipher_key> made;
                    const memory_shortage memory(n, kind);
                    errno = 0;
                    available = d.available(d, false);
                    reason = errno;
                    code = d.make_skcipher(d, key, made);
                    const std::unique_ptr<local::skcipher_context> context =
                        code == 0 ? made->open() : nullptr;
                    opened = context != nullptr;
                    if (opened)
                        code = context->crypt(direction::encrypt, c, in.data(), out.data(), in.size());
                }
                EXPECT_TRUE(available || reason == ENOMEM) << "allocation " << n;
                EXPECT_TRUE(code == 0 || code == ENOMEM) << code << ", allocation " << n;
                if (opened && code == 0) {
                    EXPECT_TRUE(out == expected);
                }
                keyed_driver later(d, key);
                EXPECT_TRUE(d.available(d, false));
                EXPECT_TRUE(later.message(direction::encrypt, pattern_iv(), pattern_message(64)) == expected)
                    << "allocation " << n;
            })) << "allocation "
                << n;
}
