// SPDX-License-Identifier: BSD-3-Clause
//
// The text of /proc/crypto, as the kernel engine's own parser reads the kernel's.
#include "preload_listing_test.hpp"

#include "afalg/listing.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "preload/listing/proc_crypto.hpp"

#include <gtest/gtest.h>

namespace {

using namespace kcapi;
using test::listed;
using test::listed_engine;

TEST(proc_crypto_text, of_each_kind_is_the_kernels) {
    alg::properties xts = listed(alg::kind::skcipher, "xts(aes)", "xts-aes-x", 500);
    xts.block_size = xts.chunk_size = xts.iv_size = 16;
    xts.min_key_size = 32;
    xts.max_key_size = 64;
    alg::properties gcm = listed(alg::kind::aead, "gcm(aes)", "gcm-aes-x", 400);
    gcm.block_size = 1;
    gcm.iv_size = 12;
    gcm.max_tag_size = 16;
    alg::properties sha = listed(alg::kind::hash, "sha256", "sha256-x", 170);
    sha.block_size = 64;
    sha.digest_size = 32;
    listed_engine engine({xts, gcm, sha, listed(alg::kind::rng, "stdrng", "drbg-x", 217),
                          listed(alg::kind::akcipher, "rsa", "rsa-x", -1),
                          listed(alg::kind::akcipher, "pkcs1pad(rsa,sha1)", "pkcs1pad-x", 5)});
    EXPECT_EQ(preload::proc_crypto_text(engine), "name         : xts(aes)\n"
                                                 "driver       : xts-aes-x\n"
                                                 "module       : kcapi\n"
                                                 "priority     : 500\n"
                                                 "refcnt       : 1\n"
                                                 "selftest     : passed\n"
                                                 "internal     : no\n"
                                                 "type         : skcipher\n"
                                                 "async        : no\n"
                                                 "blocksize    : 16\n"
                                                 "min keysize  : 32\n"
                                                 "max keysize  : 64\n"
                                                 "ivsize       : 16\n"
                                                 "chunksize    : 16\n"
                                                 "walksize     : 16\n"
                                                 "statesize    : 0\n"
                                                 "\n"
                                                 "name         : gcm(aes)\n"
                                                 "driver       : gcm-aes-x\n"
                                                 "module       : kcapi\n"
                                                 "priority     : 400\n"
                                                 "refcnt       : 1\n"
                                                 "selftest     : passed\n"
                                                 "internal     : no\n"
                                                 "type         : aead\n"
                                                 "async        : no\n"
                                                 "blocksize    : 1\n"
                                                 "ivsize       : 12\n"
                                                 "maxauthsize  : 16\n"
                                                 "geniv        : <none>\n"
                                                 "\n"
                                                 "name         : sha256\n"
                                                 "driver       : sha256-x\n"
                                                 "module       : kcapi\n"
                                                 "priority     : 170\n"
                                                 "refcnt       : 1\n"
                                                 "selftest     : passed\n"
                                                 "internal     : no\n"
                                                 "type         : shash\n"
                                                 "blocksize    : 64\n"
                                                 "digestsize   : 32\n"
                                                 "\n"
                                                 "name         : stdrng\n"
                                                 "driver       : drbg-x\n"
                                                 "module       : kcapi\n"
                                                 "priority     : 217\n"
                                                 "refcnt       : 1\n"
                                                 "selftest     : passed\n"
                                                 "internal     : no\n"
                                                 "type         : rng\n"
                                                 "seedsize     : 0\n"
                                                 "\n"
                                                 "name         : rsa\n"
                                                 "driver       : rsa-x\n"
                                                 "module       : kcapi\n"
                                                 "priority     : -1\n"
                                                 "refcnt       : 1\n"
                                                 "selftest     : passed\n"
                                                 "internal     : no\n"
                                                 "type         : akcipher\n"
                                                 "\n");
}

TEST(proc_crypto_text, says_passed_only_of_what_has_passed) {
    alg::properties good = listed(alg::kind::hash, "a", "a-good", 3);
    alg::properties bad = listed(alg::kind::hash, "a", "a-bad", 2);
    alg::properties gone = listed(alg::kind::hash, "a", "a-gone", 1);
    good.state = bad.state = alg::self_test::unknown;
    gone.state = alg::self_test::unavailable;
    listed_engine engine({good, bad, gone});
    engine.broken = "a-bad";
    const std::vector<afalg::record> read = afalg::parse_proc_crypto(preload::proc_crypto_text(engine));
    ASSERT_EQ(read.size(), 2u);
    EXPECT_EQ(read[0].info.driver_name, "a-good");
    EXPECT_TRUE(read[0].tested);
    EXPECT_EQ(read[1].info.driver_name, "a-bad");
    EXPECT_FALSE(read[1].tested);
}

TEST(proc_crypto_text, of_the_local_engine_reads_back_as_what_it_has) {
    const auto modules = local::all_modules(local::linked_modules(), local::is_complete());
    ASSERT_TRUE(modules);
    const std::unique_ptr<alg::engine> engine = local::make_engine(modules->loaded, {}, modules->files);
    const std::vector<afalg::record> read = afalg::parse_proc_crypto(preload::proc_crypto_text(*engine));
    std::size_t checked = 0;
    engine->list([&](const alg::properties &p) {
        if (p.type == alg::kind::akcipher || p.type == alg::kind::kpp ||
            p.state == alg::self_test::unavailable)
            return; // kinds that the parser has no use for
        const auto it = std::find_if(read.begin(), read.end(), [&](const afalg::record &r) {
            return r.info.driver_name == p.driver_name && r.info.type == p.type;
        });
        ASSERT_NE(it, read.end()) << p.driver_name;
        EXPECT_EQ(it->info.name, p.name);
        EXPECT_EQ(it->info.priority, p.priority);
        EXPECT_EQ(it->info.block_size, p.block_size);
        EXPECT_EQ(it->info.iv_size, p.iv_size);
        EXPECT_EQ(it->info.digest_size, p.digest_size);
        EXPECT_EQ(it->info.seed_size, p.seed_size);
        EXPECT_EQ(it->info.max_tag_size, p.max_tag_size);
        EXPECT_TRUE(it->tested) << p.driver_name;
        ++checked;
    });
    EXPECT_EQ(checked, read.size());
    EXPECT_GT(checked, 100u);
}

} // namespace
