// SPDX-License-Identifier: BSD-3-Clause
//
// Every name that a kernel binds, in the local engine with the same properties, and under the name of the
// kernel's driver too; what it does not have stands in missing.txt, and nothing else does. What Linux 6.12
// refuses, the local engine refuses by the same number, and at once.
#include "alg/name.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "names/list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdio>

using namespace kcapi;
using namespace kcapi::test;

namespace {

const std::string folder = KCAPI_NAMES_DIR;

alg::engine &engine() {
    static const std::unique_ptr<alg::engine> e = local::make_engine(local::linked_modules(), {});
    return *e;
}

const std::vector<missing_pattern> &missing() {
    static const std::vector<missing_pattern> list = missing_patterns(folder + "/missing.txt");
    return list;
}

/// What this build does not have to have.
const std::vector<missing_pattern> &missing_here() {
    static const std::vector<missing_pattern> list = [] {
        std::vector<std::string> modules;
        for (const local::module *const m : local::linked_modules())
            modules.emplace_back(m->name);
        return missing_patterns(folder + "/missing.txt", modules);
    }();
    return list;
}

/// The kernel's driver, asked for by its name, must be the algorithm.
void check_driver(const name_record &own) {
    const auto driver = own.properties.find("driver");
    if (driver == own.properties.end())
        return;
    const alg::kind kind = alg::kind_from_name(own.type).value();
    const auto by_name = engine().open(kind, own.name);
    const auto by_driver = engine().open(kind, driver->second);
    ASSERT_TRUE(by_name);
    ASSERT_TRUE(by_driver) << driver->second << ": " << ::strerrorname_np(by_driver.error().code);
    EXPECT_EQ((*by_name)->info().name, (*by_driver)->info().name) << driver->second;
}

struct count {
    int recorded = 0;
    int served = 0;
};

/// What the local engine must have: the reference kernel's properties, if that has the name.
const name_record &expected_record(const name_record &own) {
    static const name_list reference = recorded_names(folder, reference_kernel);
    const auto found = reference.find({own.type, own.name});
    return found == reference.end() ? own : found->second;
}

void check_kernel(const std::string &kernel) {
    std::map<std::string, count> counts;
    for (const auto &[key, own] : recorded_names(folder, kernel)) {
        SCOPED_TRACE(own.type + ' ' + own.name);
        count &c = counts[own.type];
        ++c.recorded;
        const result<name_record> r = probe(engine(), own.type, own.name);
        const missing_pattern *const listed = find_missing(missing_here(), own.type, own.name);
        if (listed != nullptr) {
            EXPECT_FALSE(r) << "is there, and still listed as missing: " << listed->reason;
            std::printf("[ MISSING  ] Linux %s, %s %s: %s\n", kernel.c_str(), own.type.c_str(),
                        own.name.c_str(), listed->reason.c_str());
            continue;
        }
        if (!r) {
            ADD_FAILURE() << "not there (" << ::strerrorname_np(r.error().code)
                          << "), and not listed as missing";
            continue;
        }
        ++c.served;
        for (const std::string &difference : differences(expected_record(own), *r))
            ADD_FAILURE() << difference;
        check_driver(own);
    }
    for (const auto &[type, c] : counts)
        std::printf("[ COVERAGE ] Linux %s, %s: %d of %d names\n", kernel.c_str(), type.c_str(), c.served,
                    c.recorded);
}

} // namespace

TEST(names, linux_6_1) { check_kernel("6.1"); }
TEST(names, linux_6_12) { check_kernel("6.12"); }
TEST(names, linux_7_3) { check_kernel("7.3"); }

TEST(names, nothing_is_listed_as_missing_that_no_kernel_has) {
    for (const missing_pattern &p : missing()) {
        bool found = false;
        for (const std::string &kernel : recorded_kernels)
            for (const auto &[key, r] : recorded_names(folder, kernel))
                found = found || matches(p, r.type, r.name);
        EXPECT_TRUE(found) << p.type << ' ' << p.name;
    }
}

TEST(names, a_property_that_differs_is_seen) {
    const name_record right =
        parse_record("skcipher cbc(aes) keys=16,24,32 iv=16 block=16 chunk=16 unkeyed=no");
    const result<name_record> actual = probe(engine(), "skcipher", "cbc(aes)");
    ASSERT_TRUE(actual);
    EXPECT_TRUE(differences(right, *actual).empty());
    for (const auto &[key, wrong] :
         {std::pair("keys", "16,24"), std::pair("iv", "8"), std::pair("block", "1"), std::pair("chunk", "8"),
          std::pair("unkeyed", "yes"), std::pair("tags", "4")}) {
        name_record altered = right;
        altered.properties[key] = wrong;
        EXPECT_EQ(1U, differences(altered, *actual).size()) << key;
        altered.properties.erase(key);
        EXPECT_EQ(right.properties.count(key), differences(altered, *actual).size()) << key;
    }
}

TEST(names, what_linux_6_12_refuses_is_refused_by_its_number_within_a_millisecond) {
    using std::chrono::steady_clock;
    const std::vector<refused_name> all = refused_names(folder + "/6.12.refused");
    EXPECT_GT(all.size(), 400U);
    for (const refused_name &r : all) {
        SCOPED_TRACE(r.type + " \"" + r.name + '"');
        const alg::kind kind = alg::kind_from_name(r.type).value();
        // The first time runs the self tests of what the name is made of. Of the others the fastest counts,
        // for the machine may be busy.
        auto fastest = steady_clock::duration::max();
        for (int i = 0; i < 6; ++i) {
            const auto start = steady_clock::now();
            const auto t = engine().open(kind, r.name);
            fastest = std::min(fastest, steady_clock::now() - start);
            ASSERT_FALSE(t) << "is " << (*t)->info().driver_name;
            EXPECT_EQ(r.number, ::strerrorname_np(t.error().code)) << "try " << i;
        }
        EXPECT_LT(fastest, std::chrono::milliseconds(1));
    }
}

TEST(names, names_of_any_length_and_depth_are_refused_at_once) {
    using std::chrono::steady_clock;
    steady_clock::duration spent{};
    std::size_t count = 0;
    for (const char *const piece :
         {"a", "(", ")", ",", " ", "cbc(", "xts(ecb(", "authenc(hmac(", "hmac(sha256),", "-generic",
          "cryptd(", "gcm_base(ctr(", "essiv(cbc(aes),"})
        for (const alg::kind kind : {alg::kind::skcipher, alg::kind::aead, alg::kind::hash, alg::kind::rng})
            for (const std::size_t length : {1U, 64U, 103U, 104U, 127U, 128U, 129U, 4096U, 1U << 20}) {
                std::string name;
                while (name.size() < length)
                    name += piece;
                name.resize(length);
                const auto start = steady_clock::now();
                const auto t = engine().open(kind, name);
                spent += steady_clock::now() - start;
                EXPECT_FALSE(t) << name.substr(0, 200);
                if (!t && length > alg::max_bind_name) {
                    EXPECT_EQ(EINVAL, t.error().code) << length;
                }
                ++count;
            }
    EXPECT_LT(spent, std::chrono::milliseconds(count)) << count;
}
