// SPDX-License-Identifier: BSD-3-Clause
//
// Every name that a kernel binds, in the local engine with the same properties; what it does not have stands
// in missing.txt, and nothing else does.
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "names/list.hpp"

#include <gtest/gtest.h>

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
        const missing_pattern *const listed = find_missing(missing(), own.type, own.name);
        if (listed != nullptr) {
            EXPECT_FALSE(r) << "is there, and still listed as missing: " << listed->reason;
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
    const name_record right = parse_record("skcipher cbc(aes) keys=16,24,32 iv=16 block=16 chunk=16");
    const result<name_record> actual = probe(engine(), "skcipher", "cbc(aes)");
    ASSERT_TRUE(actual);
    EXPECT_EQ(text_of(right), text_of(*actual));
    EXPECT_TRUE(differences(right, *actual).empty());
    for (const char *const wrong : {"keys=16,24", "iv=8", "block=1", "chunk=8"})
        EXPECT_EQ(1U, differences(parse_record(std::string("skcipher cbc(aes) ") + wrong), *actual).size())
            << wrong;
}
