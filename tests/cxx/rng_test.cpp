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

// NIST CAVP, drbgvectors_no_reseed, CTR_DRBG: AES-128 with derivation function, all inputs.
TEST(cxx_rng, gives_the_published_answer_for_entropy_and_additional_input) {
    const octets entropy = from_hex("cae48dd80d298103ef1ec0bf1bb96270d827f91613e0b47f"); // with the nonce
    const octets personalization = from_hex("cc928f3d2df31a29f4e444f3df08be21");
    rng r = rng::create("drbg_nopr_ctr_aes128", {.seed = personalization, .entropy = entropy}).value();
    octets out(64);
    r.generate(out, from_hex("7eaa1bbec79393a7f4a8227b691ecb68")).value();
    r.generate(out, from_hex("6869c6c7b9e6653b3977f0789e94478a")).value();
    EXPECT_EQ(out, from_hex("920132cd284695b868b5bc4b703afea4d996624a8f57e9fbf5e793b509cb15b4"
                            "beaf702dac28712d249ae75090a91fd35775294bf24ddebfd24e45d13f4a1748"));
}

TEST(cxx_rng, refuses_entropy_and_additional_input_where_they_have_no_place) {
    EXPECT_EQ(code_of(rng::create("stdrng", {.entropy = octets(129)})), EMSGSIZE);
    EXPECT_FALSE(rng::create("stdrng", {.entropy = octets(1)})) << "less than it needs";
    rng r = rng::create().value();
    octets out(16, 0x55);
    EXPECT_EQ(code_of(r.generate(out, counting(16))), EOPNOTSUPP);
    EXPECT_EQ(out, octets(16)) << "wiped";
    const octets entropy = counting(64);
    rng fixed = rng::create("stdrng", {.entropy = entropy}).value();
    EXPECT_EQ(code_of(fixed.generate(out, counting(129))), EMSGSIZE);
    EXPECT_TRUE(fixed.generate(out, {}));
}

TEST(cxx_rng, refuses_misuse) {
    EXPECT_EQ(code_of(rng::create("nosuch")), ENOENT);
    rng a = rng::create().value();
    const rng b = std::move(a);
    octets out(8, 0x55);
    EXPECT_EQ(code_of(a.generate(out)), EINVAL);
    EXPECT_TRUE(b.valid());
}
