// SPDX-License-Identifier: BSD-3-Clause
//
// The generators of libcrypto: NIST's known answers, prediction resistance, reseeding, and that a child of
// fork does not repeat its parent.
#include "drivers/openssl/module.hpp"
#include "local/selftest_rng.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>

using namespace kcapi;
using namespace kcapi::test;

namespace {

using octets = std::vector<std::uint8_t>;

const local::driver &find(const std::string &driver_name) {
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (d.driver_name == driver_name)
            return d;
    throw std::runtime_error("no driver " + driver_name);
}

std::unique_ptr<local::rng_state> make(const std::string &driver_name) {
    const local::driver &d = find(driver_name);
    std::unique_ptr<local::rng_state> generator;
    if (!d.available(d, false) || d.make_rng(d, generator) != 0)
        throw std::runtime_error("cannot make " + driver_name);
    return generator;
}

octets generated(local::rng_state &g, std::size_t size, const octets &additional = {}) {
    octets out(size);
    if (const int code = g.generate(additional, out); code != 0)
        throw std::runtime_error("generate fails: " + std::to_string(code));
    return out;
}

std::vector<const local::driver *> generators() {
    std::vector<const local::driver *> all;
    for (const local::driver &d : kcapi_driver_module_openssl()->drivers)
        if (d.type == local::driver_kind::rng && std::string_view(d.driver_name).starts_with("drbg_"))
            all.push_back(&d);
    return all;
}

octets operator+(octets a, const octets &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// What a child of fork gets from `g`.
octets in_child(local::rng_state &g, std::size_t size) {
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        octets out(size);
        const bool ok = g.generate({}, out) == 0 &&
                        ::write(ends[1], out.data(), out.size()) == static_cast<ssize_t>(out.size());
        ::_exit(ok ? 0 : 1);
    }
    octets out(size);
    const ssize_t n = ::read(ends[0], out.data(), out.size());
    int status = -1;
    (void)::waitpid(child, &status, 0);
    (void)::close(ends[0]);
    (void)::close(ends[1]);
    if (n != static_cast<ssize_t>(size) || status != 0)
        throw std::runtime_error("the child fails");
    return out;
}

} // namespace

TEST(driver_openssl_drbg, gives_the_known_answers_of_nist) {
    std::set<std::string> seen;
    (void)for_each_record(KCAPI_DRBG_VECTORS, [&](record &r) {
        SCOPED_TRACE(r.where());
        const std::string name = r.text("Name");
        seen.insert(name);
        const octets entropy = r.bytes("EntropyInput") + r.bytes("Nonce");
        const octets wanted = r.bytes("ReturnedBits");
        const auto g = make("drbg_nopr_" + name);
        ASSERT_EQ(g->set_entropy(entropy), 0);
        ASSERT_EQ(g->seed(r.bytes("PersonalizationString")), 0);
        (void)generated(*g, wanted.size(), r.bytes("AdditionalInputA"));
        EXPECT_EQ(generated(*g, wanted.size(), r.bytes("AdditionalInputB")), wanted);
        const auto resistant = make("drbg_pr_" + name);
        ASSERT_EQ(resistant->set_entropy(entropy), 0);
        ASSERT_EQ(resistant->seed({}), 0);
        EXPECT_EQ(generated(*resistant, 32), r.bytes("ResistantBits"));
    });
    EXPECT_EQ(seen.size(), 11U);
    EXPECT_EQ(generators().size(), 22U);
}

TEST(driver_openssl_drbg, every_generator_passes_its_self_test_and_leaves_no_error_behind) {
    ERR_clear_error();
    for (const local::driver *const d : generators()) {
        EXPECT_TRUE(d->available(*d, false)) << d->driver_name;
        EXPECT_TRUE(local::passes_rng_self_test(*d)) << d->driver_name;
    }
    EXPECT_EQ(ERR_peek_error(), 0UL);
}

TEST(driver_openssl_drbg, self_test_finds_a_generator_under_a_wrong_name) {
    local::driver wrong = find("drbg_nopr_hmac_sha512");
    wrong.driver_name = "drbg_nopr_hmac_sha384";
    EXPECT_FALSE(local::passes_rng_self_test(wrong));
    wrong.driver_name = "drbg_pr_hmac_sha512";
    EXPECT_FALSE(local::passes_rng_self_test(wrong)) << "without prediction resistance";
    wrong.driver_name = "drbg_nopr_unknown";
    EXPECT_FALSE(local::passes_rng_self_test(wrong));
}

TEST(driver_openssl_drbg, gives_nothing_before_a_seed_which_may_be_empty_or_long) {
    for (const local::driver *const d : generators()) {
        const auto g = make(d->driver_name);
        octets out(16);
        EXPECT_EQ(g->generate({}, out), EINVAL) << d->driver_name;
        EXPECT_EQ(out, octets(16));
        for (const std::size_t size : {0U, 1U, 48U, 512U, 65536U})
            EXPECT_EQ(g->seed(octets(size, 7)), 0) << d->driver_name << " " << size;
        EXPECT_NE(generated(*g, 16), generated(*g, 16));
    }
}

TEST(driver_openssl_drbg, same_seed_does_not_repeat_output) {
    for (const char *const name : {"drbg_nopr_hmac_sha512", "drbg_nopr_ctr_aes256", "drbg_nopr_sha256"}) {
        const auto one = make(name);
        const auto two = make(name);
        ASSERT_EQ(one->seed(octets(48, 1)), 0);
        ASSERT_EQ(two->seed(octets(48, 1)), 0);
        EXPECT_NE(generated(*one, 64), generated(*two, 64)) << name;
    }
}

TEST(driver_openssl_drbg, second_seed_reseeds_with_the_same_entropy_source) {
    const octets entropy(48, 0x42);
    const auto twice = make("drbg_nopr_hmac_sha256");
    const auto resistant = make("drbg_pr_hmac_sha256");
    for (local::rng_state *const g : {twice.get(), resistant.get()}) {
        ASSERT_EQ(g->set_entropy(entropy), 0);
        ASSERT_EQ(g->seed({}), 0);
    }
    ASSERT_EQ(twice->seed({}), 0);
    EXPECT_EQ(generated(*twice, 80), generated(*resistant, 80));
}

TEST(driver_openssl_drbg, entropy_below_what_the_mechanism_needs_is_refused) {
    EXPECT_EQ(make("drbg_nopr_hmac_sha512")->set_entropy(octets(47)), EINVAL);
    EXPECT_EQ(make("drbg_nopr_hmac_sha512")->set_entropy(octets(48)), 0);
    EXPECT_EQ(make("drbg_nopr_ctr_aes128")->set_entropy(octets(23)), EINVAL);
    EXPECT_EQ(make("drbg_nopr_ctr_aes128")->set_entropy(octets(128)), 0);
}

TEST(driver_openssl_drbg, child_of_fork_does_not_repeat_its_parent_or_its_sibling) {
    for (const local::driver *const d : generators())
        for (const bool used_before : {false, true}) {
            SCOPED_TRACE(std::string(d->driver_name) + (used_before ? " used" : " fresh"));
            const auto g = make(d->driver_name);
            ASSERT_EQ(g->seed({}), 0);
            if (used_before)
                (void)generated(*g, 16);
            const octets first_child = in_child(*g, 32);
            const octets second_child = in_child(*g, 32);
            const octets parent = generated(*g, 32);
            EXPECT_NE(first_child, parent);
            EXPECT_NE(second_child, parent);
            EXPECT_NE(first_child, second_child);
        }
}
