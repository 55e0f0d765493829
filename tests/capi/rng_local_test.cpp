// SPDX-License-Identifier: BSD-3-Clause
//
// Generators of the local engine through the C interface.
#include "capi/child.hpp"
#include "capi/support.hpp"

#include <sys/mman.h>

#include <cstring>
#include <set>

using namespace kcapi::test;

namespace {

class generator {
  public:
    explicit generator(const char *name, bool seeded = true) {
        EXPECT_EQ(kcapi_rng_init(&handle_, name, 0), 0) << name;
        if (seeded) {
            EXPECT_EQ(kcapi_rng_seed(handle_, nullptr, 0), 0) << name;
        }
    }
    generator(const generator &) = delete;
    generator &operator=(const generator &) = delete;
    ~generator() { kcapi_rng_destroy(handle_); }
    [[nodiscard]] kcapi_handle *get() const { return handle_; }
    octets generate(std::size_t n) {
        octets out(n);
        EXPECT_EQ(kcapi_rng_generate(handle_, out.data(), n), static_cast<ssize_t>(n));
        return out;
    }

  private:
    kcapi_handle *handle_ = nullptr;
};

constexpr const char *every_name[] = {
    "drbg_nopr_ctr_aes128",  "drbg_nopr_ctr_aes192",  "drbg_nopr_ctr_aes256",  "drbg_nopr_sha1",
    "drbg_nopr_sha256",      "drbg_nopr_sha384",      "drbg_nopr_sha512",      "drbg_nopr_hmac_sha1",
    "drbg_nopr_hmac_sha256", "drbg_nopr_hmac_sha384", "drbg_nopr_hmac_sha512", "drbg_pr_ctr_aes128",
    "drbg_pr_ctr_aes192",    "drbg_pr_ctr_aes256",    "drbg_pr_sha1",          "drbg_pr_sha256",
    "drbg_pr_sha384",        "drbg_pr_sha512",        "drbg_pr_hmac_sha1",     "drbg_pr_hmac_sha256",
    "drbg_pr_hmac_sha384",   "drbg_pr_hmac_sha512"};

} // namespace

TEST(rng_local, stdrng_is_the_generator_that_the_kernel_prefers) {
    generator g("stdrng");
    EXPECT_STREQ(kcapi_ext_engine_name(g.get()), "local");
    EXPECT_STREQ(kcapi_ext_algorithm_name(g.get()), "stdrng");
    EXPECT_STREQ(kcapi_ext_driver_name(g.get()), "drbg_nopr_hmac_sha512");
}

TEST(rng_local, every_generator_is_there_by_its_driver_name) {
    std::set<octets> seen;
    for (const char *const name : every_name) {
        generator g(name);
        EXPECT_STREQ(kcapi_ext_driver_name(g.get()), name);
        EXPECT_STREQ(kcapi_ext_algorithm_name(g.get()), "stdrng");
        seen.insert(g.generate(300));
        seen.insert(g.generate(300));
    }
    EXPECT_EQ(seen.size(), 2 * std::size(every_name));
}

TEST(rng_local, seed_comes_before_output_and_not_behind_it) {
    generator g("stdrng", false);
    octets out(16, 0xee);
    EXPECT_EQ(kcapi_rng_generate(g.get(), out.data(), out.size()), -EINVAL);
    EXPECT_EQ(out, octets(16)) << "wiped";
    generator seeded("stdrng");
    (void)seeded.generate(1);
    octets seed(48, 1);
    EXPECT_EQ(kcapi_rng_seed(seeded.get(), seed.data(), 48), -EBUSY);
    generator long_seed("stdrng", false);
    seed.resize(512);
    EXPECT_EQ(kcapi_rng_seed(long_seed.get(), seed.data(), 512), 0);
    EXPECT_EQ(kcapi_rng_seed(long_seed.get(), seed.data(), 512), 0) << "again";
    EXPECT_NE(long_seed.generate(64), long_seed.generate(64));
    EXPECT_EQ(kcapi_rng_seed(long_seed.get(), nullptr, 4), -EFAULT);
}

TEST(rng_local, child_of_fork_does_not_repeat_its_parent) {
    constexpr std::size_t size = 64;
    auto *const shared = static_cast<std::uint8_t *>(
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(shared, MAP_FAILED);
    for (const char *const name : {"stdrng", "drbg_nopr_ctr_aes256", "drbg_pr_sha256", "jitterentropy_rng"})
        for (const bool used : {false, true}) {
            generator g(name);
            if (used)
                (void)g.generate(16);
            ASSERT_TRUE(passes_in_child([&] {
                const octets own = g.generate(size);
                std::memcpy(shared, own.data(), size);
            }));
            EXPECT_NE(g.generate(size), octets(shared, shared + size)) << name;
        }
    (void)::munmap(shared, size);
}

TEST(rng_local, ansi_cprng_is_its_seed_and_takes_no_less) {
    generator g("ansi_cprng", false);
    EXPECT_STREQ(kcapi_ext_driver_name(g.get()), "ansi_cprng");
    EXPECT_EQ(kcapi_rng_seedsize(g.get()), 48U);
    const octets seed(48);
    EXPECT_EQ(kcapi_rng_seed(g.get(), const_cast<std::uint8_t *>(seed.data()), 31), -EINVAL);
    octets out(32, 0xee);
    EXPECT_EQ(kcapi_rng_generate(g.get(), out.data(), out.size()), -EINVAL);
    EXPECT_EQ(out, octets(32)) << "wiped";
    generator strict("fips(ansi_cprng)", false);
    EXPECT_STREQ(kcapi_ext_driver_name(strict.get()), "fips_ansi_cprng");
    EXPECT_EQ(kcapi_rng_seed(strict.get(), const_cast<std::uint8_t *>(seed.data()), 48), -EINVAL)
        << "V and the key are the same";
    octets different = seed;
    different[20] = 1;
    EXPECT_EQ(kcapi_rng_seed(strict.get(), different.data(), 48), 0);
    EXPECT_NE(strict.generate(16), octets(16));
    generator seeded("ansi_cprng", false);
    ASSERT_EQ(kcapi_rng_seed(seeded.get(), const_cast<std::uint8_t *>(seed.data()), 48), 0);
    const octets first = seeded.generate(300);
    const octets linux_has{0xf7, 0x95, 0xbd, 0x4a, 0x52, 0xe2, 0x9e, 0xd7, 0x13, 0xd3,
                           0x13, 0xfa, 0x20, 0xe9, 0x8d, 0xbc, 0xc8, 0xd1, 0xe5, 0x11};
    EXPECT_EQ(octets(first.begin(), first.begin() + 20), linux_has);
}

TEST(rng_local, jitterentropy_needs_no_seed_and_any_plays_no_part) {
    std::set<octets> seen;
    for (const std::uint32_t size : {0U, 1U, 48U, 512U}) {
        generator g("jitterentropy_rng", false);
        EXPECT_STREQ(kcapi_ext_driver_name(g.get()), "jitterentropy_rng-system");
        EXPECT_EQ(kcapi_rng_seedsize(g.get()), 0U);
        octets seed(size, 7);
        if (size != 1) {
            EXPECT_EQ(kcapi_rng_seed(g.get(), seed.data(), size), 0) << size;
        }
        seen.insert(g.generate(300));
        seen.insert(g.generate(300));
        EXPECT_EQ(kcapi_rng_seed(g.get(), seed.data(), size), -EBUSY);
    }
    EXPECT_EQ(seen.size(), 8U);
}
