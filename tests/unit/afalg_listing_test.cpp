// SPDX-License-Identifier: BSD-3-Clause
//
// The parser of /proc/crypto, the choice among what is listed, and what is known without asking.
#include "afalg/listing.hpp"
#include "support/fake_kernel.hpp"

#include <gtest/gtest.h>

namespace {

using namespace kcapi;
using namespace kcapi::afalg;

test::toy_algorithm cbc() { return test::toy_cipher("cbc(toy)", "cbc-toy-fast", 400, 16, 16, 16, true); }

TEST(proc_crypto, entries_are_read) {
    const std::vector<record> list = parse_proc_crypto("name         : cbc(aes)\n"
                                                       "driver       : cbc-aes-aesni\n"
                                                       "module       : aesni_intel\n"
                                                       "priority     : 400\n"
                                                       "refcnt       : 1\n"
                                                       "selftest     : passed\n"
                                                       "internal     : no\n"
                                                       "type         : skcipher\n"
                                                       "async        : yes\n"
                                                       "blocksize    : 16\n"
                                                       "min keysize  : 16\n"
                                                       "max keysize  : 32\n"
                                                       "ivsize       : 16\n"
                                                       "chunksize    : 16\n"
                                                       "walksize     : 16\n"
                                                       "\n"
                                                       "name         : ecb(aes)\n"
                                                       "driver       : ecb(aes-generic)\n"
                                                       "selftest     : unknown\n"
                                                       "internal     : yes\n"
                                                       "type         : lskcipher\n"
                                                       "blocksize    : 16\n"
                                                       "\n"
                                                       "name         : gcm(aes)\n"
                                                       "driver       : g\n"
                                                       "type         : aead\n"
                                                       "blocksize    : 1\n"
                                                       "ivsize       : 12\n"
                                                       "maxauthsize  : 16\n"
                                                       "\n"
                                                       "name         : aes\n"
                                                       "driver       : aes-generic\n"
                                                       "type         : cipher\n"
                                                       "blocksize    : 16\n"
                                                       "\n"
                                                       "name         : sha256\n"
                                                       "driver       : sha256-lib\n"
                                                       "type         : shash\n"
                                                       "blocksize    : 64\n"
                                                       "digestsize   : 32\n"
                                                       "\n"
                                                       "name         : stdrng\n"
                                                       "driver       : jitterentropy_rng\n"
                                                       "type         : rng\n"
                                                       "seedsize     : 8");
    ASSERT_EQ(list.size(), 5u);
    EXPECT_EQ(list[0].info.name, "cbc(aes)");
    EXPECT_EQ(list[0].info.driver_name, "cbc-aes-aesni");
    EXPECT_EQ(list[0].info.priority, 400);
    EXPECT_TRUE(list[0].tested);
    EXPECT_TRUE(list[0].async);
    EXPECT_FALSE(list[0].internal);
    EXPECT_EQ(list[0].info.chunk_size, 16u);
    EXPECT_EQ(list[0].info.min_key_size, 16u);
    EXPECT_EQ(list[0].info.max_key_size, 32u);
    EXPECT_EQ(list[1].info.type, alg::kind::skcipher);
    EXPECT_FALSE(list[1].tested);
    EXPECT_TRUE(list[1].internal);
    EXPECT_EQ(list[2].info.max_tag_size, 16u);
    EXPECT_EQ(list[3].info.digest_size, 32u);
    EXPECT_EQ(list[4].info.seed_size, 8u);
}

TEST(proc_crypto, damage_is_left_out) {
    EXPECT_TRUE(parse_proc_crypto("").empty());
    EXPECT_TRUE(parse_proc_crypto("\n\n\n").empty());
    EXPECT_TRUE(parse_proc_crypto("no colon here\nname\n").empty());
    EXPECT_TRUE(parse_proc_crypto("name : x\ntype : skcipher\nblocksize : 16\n").empty()) << "no driver";
    EXPECT_TRUE(parse_proc_crypto("name : x\ndriver : y\ntype : skcipher\nblocksize : 0\n").empty())
        << "no block";
    EXPECT_TRUE(parse_proc_crypto("name : x\ndriver : y\ntype : skcipher\nblocksize : -16\n").empty());
    EXPECT_TRUE(
        parse_proc_crypto("name : x\ndriver : y\ntype : skcipher\nblocksize : 99999999999\n").empty());
    EXPECT_TRUE(parse_proc_crypto("name : x\ndriver : y\ntype : skcipher\nblocksize : 16x\n").empty());
    EXPECT_TRUE(parse_proc_crypto("name : x\ndriver : y\nblocksize : 16\n").empty()) << "no type";
}

TEST(proc_crypto, cut_anywhere_is_survived) {
    const std::string text = test::proc_text({cbc(), cbc()});
    for (std::size_t n = 0; n <= text.size(); ++n)
        EXPECT_LE(parse_proc_crypto(text.substr(0, n)).size(), 2u);
}

record entry(std::string name, std::string driver, int priority) {
    record r;
    r.info.name = std::move(name);
    r.info.driver_name = std::move(driver);
    r.info.priority = priority;
    r.tested = true;
    return r;
}

TEST(choose, takes_what_bind_takes) {
    std::vector<record> list{entry("cbc(aes)", "low", 100), entry("cbc(aes)", "high", 400),
                             entry("cbc(aes)", "tie", 400)};
    EXPECT_EQ(choose(list, alg::kind::skcipher, "cbc(aes)", true), &list[1]);
    EXPECT_EQ(choose(list, alg::kind::skcipher, "low", true), &list[0]);
    EXPECT_EQ(choose(list, alg::kind::skcipher, "other", true), nullptr);
    EXPECT_EQ(choose(list, alg::kind::hash, "cbc(aes)", true), nullptr);
    list[1].tested = false;
    EXPECT_EQ(choose(list, alg::kind::skcipher, "cbc(aes)", true), &list[2]);
    list[2].internal = true;
    EXPECT_EQ(choose(list, alg::kind::skcipher, "cbc(aes)", true), &list[0]);
    list[0].async = true;
    EXPECT_EQ(choose(list, alg::kind::skcipher, "cbc(aes)", true), &list[0]);
    EXPECT_EQ(choose(list, alg::kind::skcipher, "cbc(aes)", false), nullptr);
}

TEST(choose, wrapper_around_an_internal_part_is_not_asynchronous) {
    std::vector<record> list{entry("cbc(aes)", "cbc-aes-aesni", 400),
                             entry("__cbc(aes)", "__cbc-aes-aesni", 400),
                             entry("cbc(aes)", "cbc-aes-device", 3000)};
    list[0].async = list[2].async = true;
    list[1].internal = true;
    clear_wrappers(list);
    EXPECT_FALSE(list[0].async);
    EXPECT_TRUE(list[2].async);
}

TEST(modes, only_these_chain) {
    for (const char *name :
         {"ecb(aes)", "cbc(aes)", "ctr(aes)", "pcbc(aes)", "cfb(aes)", "ofb(aes)", "lrw(twofish)"})
        EXPECT_TRUE(passes_chain(name)) << name;
    for (const char *name : {"xts(aes)", "cts(cbc(aes))", "essiv(cbc(aes),sha256)", "chacha20", "xchacha20",
                             "xchacha12", "xctr(aes)", "rfc3686(ctr(aes))", "adiantum(xchacha12,aes)",
                             "kw(aes)", "hctr2(aes)", "cbc-aes-aesni", "", "cbcx(aes)"})
        EXPECT_FALSE(passes_chain(name)) << name;
}

struct known_case {
    const char *name;
    std::uint32_t block, chunk, iv, min_key, max_key;
};

TEST(modes, sizes_are_the_kernels) {
    for (const known_case &c :
         std::initializer_list<known_case>{{"ecb(aes)", 16, 16, 0, 16, 32},
                                           {"cbc(aes)", 16, 16, 16, 16, 32},
                                           {"cbc(des3_ede)", 8, 8, 8, 24, 24},
                                           {"pcbc(fcrypt)", 8, 8, 8, 8, 8},
                                           {"ctr(aes)", 1, 16, 16, 16, 32},
                                           {"ctr(blowfish)", 1, 8, 8, 4, 56},
                                           {"xctr(aes)", 1, 16, 16, 16, 32},
                                           {"cfb(aes)", 1, 16, 16, 16, 32},
                                           {"ofb(des)", 1, 8, 8, 8, 8},
                                           {"xts(aes)", 16, 16, 16, 32, 64},
                                           {"lrw(camellia)", 16, 16, 16, 32, 48},
                                           {"kw(aes)", 8, 8, 8, 16, 32},
                                           {"cts(cbc(aes))", 16, 16, 16, 16, 32},
                                           {"essiv(cbc(aes),sha256)", 16, 16, 16, 16, 32},
                                           {"rfc3686(ctr(aes))", 1, 16, 8, 20, 36},
                                           {"adiantum(xchacha12,aes)", 16, 16, 32, 32, 32},
                                           {"chacha20", 1, 64, 16, 32, 32},
                                           {"xchacha12", 1, 64, 32, 32, 32},
                                           {"ecb(cipher_null)", 1, 1, 0, 0, 0}}) {
        const auto p = known_properties(alg::kind::skcipher, c.name);
        ASSERT_TRUE(p) << c.name;
        EXPECT_EQ(p->name, c.name);
        EXPECT_EQ(p->block_size, c.block) << c.name;
        EXPECT_EQ(p->chunk_size, c.chunk) << c.name;
        EXPECT_EQ(p->iv_size, c.iv) << c.name;
        EXPECT_EQ(p->min_key_size, c.min_key) << c.name;
        EXPECT_EQ(p->max_key_size, c.max_key) << c.name;
        EXPECT_EQ(p->driver_name, "") << "a table cannot tell who serves";
    }
    for (const char *name : {"", "aes", "cbc", "cbc()", "cbc(aes", "cbc(nonesuch)", "mode(aes)",
                             "cbc-aes-aesni", "gcm(aes)", "cts(mode(aes))", "cbc(aes,aes)"})
        EXPECT_FALSE(known_properties(alg::kind::skcipher, name)) << name;
    EXPECT_FALSE(known_properties(alg::kind::hash, "cbc(aes)"));
}

} // namespace
