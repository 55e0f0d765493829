// SPDX-License-Identifier: BSD-3-Clause
//
// What the doctor makes of systems that are not this one.
#include "doctor.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <set>

namespace kcapi::tools {
namespace {

af_alg_facts facts(int error) {
    af_alg_facts f;
    f.error = error;
    return f;
}

TEST(doctor, sockets_without_restriction_are_good) {
    af_alg_facts f = facts(0);
    EXPECT_EQ(explain_af_alg(f).how, state::good);
    f.restriction = "0";
    EXPECT_EQ(explain_af_alg(f).how, state::good);
}

TEST(doctor, restrictions_of_new_kernels_are_named) {
    af_alg_facts f = facts(0);
    f.restriction = "1";
    EXPECT_EQ(explain_af_alg(f).how, state::note);
    EXPECT_NE(explain_af_alg(f).text.find("af_alg_restrict=1"), std::string::npos);
    f = facts(EAFNOSUPPORT);
    f.restriction = "2";
    EXPECT_NE(explain_af_alg(f).text.find("af_alg_restrict=2"), std::string::npos);
}

TEST(doctor, each_reason_has_its_own_text_and_advice) {
    std::set<std::string> texts;
    const auto add = [&](const af_alg_facts &f, const char *expected) {
        const finding found = explain_af_alg(f);
        EXPECT_NE((found.text + found.advice).find(expected), std::string::npos) << found.text;
        EXPECT_FALSE(found.advice.empty());
        texts.insert(found.text + found.advice);
    };
    add(facts(EAFNOSUPPORT), "CONFIG_CRYPTO_USER_API");
    af_alg_facts f = facts(EAFNOSUPPORT);
    f.module_there = true;
    add(f, "modprobe af_alg");
    f.seccomp = true;
    add(f, "seccomp");
    f.module_loaded = true;
    add(f, "it is the seccomp filter");
    f = facts(EAFNOSUPPORT);
    f.blacklisted_by = "/etc/modprobe.d/no-af-alg.conf";
    add(f, "/etc/modprobe.d/no-af-alg.conf");
    f = facts(EPERM);
    f.seccomp = true;
    add(f, "container");
    add(facts(EACCES), "LSM");
    add(facts(EMFILE), "socket(2)");
    EXPECT_EQ(texts.size(), 8U);
}

} // namespace
} // namespace kcapi::tools
