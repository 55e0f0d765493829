// SPDX-License-Identifier: BSD-3-Clause
#include "cxx/support.hpp"

#include <kcapi/rng.hpp>

using namespace kcapi;
using namespace kcapi::test;

TEST(cxx_rng, gives_other_bytes_each_time) {
    rng r = rng::create().value();
    octets first(500), second(500);
    EXPECT_TRUE(r.generate(first));
    EXPECT_TRUE(r.generate(second));
    EXPECT_NE(first, second);
    EXPECT_NE(first, octets(500));
    EXPECT_TRUE(r.generate({}));
    const octets seed = counting(40);
    rng seeded = rng::create("stdrng", {.seed = seed}).value();
    EXPECT_TRUE(seeded.generate(second)) << "entropy of its own, seed or not";
    EXPECT_NE(first, second);
}

TEST(cxx_rng, serves_without_an_object) {
    octets first(33), second(33);
    EXPECT_TRUE(random_bytes(first));
    EXPECT_TRUE(random_bytes(second));
    EXPECT_NE(first, second);
}

TEST(cxx_rng, refuses_misuse) {
    EXPECT_EQ(code_of(rng::create("nosuch")), ENOENT);
    rng a = rng::create().value();
    const rng b = std::move(a);
    octets out(8, 0x55);
    EXPECT_EQ(code_of(a.generate(out)), EINVAL);
    EXPECT_TRUE(b.valid());
}
