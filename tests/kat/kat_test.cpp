// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers through every path, on every driver of the engine under test (KCAPI_TEST_ENGINE).
#include "capi/differences.hpp"
#include "capi/support.hpp"
#include "kat/answers.hpp"
#include "kat/paths.hpp"

#include <cstdio>
#include <cstdlib>

using namespace kcapi::test;

namespace {

struct algorithm {
    const char *name;
    bool chains;
    /// Who must be able to serve it in the local engine.
    std::vector<const char *> local_drivers;
    /// Who may be able to serve it in a kernel; which of them it has depends on version and processor.
    std::vector<const char *> kernel_drivers;
};

const std::vector<algorithm> &algorithms() {
    static const std::vector<algorithm> all{
        {"ecb(aes)",
         true,
         {"ecb-aes-openssl", "ecb(aes-openssl)"},
         {"ecb-aes-aesni", "ecb(aes-generic)", "ecb-aes-lib"}},
        {"cbc(aes)",
         true,
         {"cbc-aes-openssl", "cbc(aes-openssl)"},
         {"cbc-aes-aesni", "cbc(aes-generic)", "cbc(ecb(aes-generic))", "cbc-aes-lib"}},
        {"ctr(aes)",
         true,
         {"ctr-aes-openssl", "ctr(aes-openssl)"},
         {"ctr-aes-aesni", "ctr-aes-aesni-avx", "ctr-aes-vaes-avx512", "ctr(aes-generic)", "ctr-aes-lib"}},
        {"xts(aes)",
         false,
         {"xts-aes-openssl", "xts(aes-openssl)"},
         {"xts-aes-aesni", "xts-aes-aesni-avx", "xts-aes-vaes-avx2", "xts(ecb(aes-generic))", "xts-aes-lib"}},
        {"cts(cbc(aes))",
         false,
         {"cts-cbc-aes-openssl", "cts(cbc-aes-openssl)", "cts(cbc(aes-openssl))"},
         {"cts-cbc-aes-aesni", "cts(cbc-aes-aesni)", "cts(cbc(aes-generic))", "cts-cbc-aes-lib"}}};
    return all;
}

std::uint32_t seed() {
    static const std::uint32_t value = [] {
        const char *const given = std::getenv("KCAPI_TEST_SEED");
        const auto s = given == nullptr ? std::random_device()()
                                        : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
        std::printf("[ SEED     ] KCAPI_TEST_SEED=%u\n", s);
        return s;
    }();
    return value;
}

/// Whether a handle can be made by this name; where not, that it is for want of the name.
bool is_there(const char *driver) {
    kcapi_handle *h = nullptr;
    const int r = kcapi_cipher_init(&h, driver, 0);
    kcapi_cipher_destroy(h);
    EXPECT_TRUE(r == 0 || r == -ENOENT || r == -EEXIST || r == -EINVAL || r == -ELOOP) << driver << ": " << r;
    return r == 0;
}

/// All names by which the engine under test serves an algorithm: first the algorithm's own, then its
/// drivers'.
std::vector<std::string> servers_of(const algorithm &a) {
    std::vector<std::string> names{a.name};
    if (engine_under_test() == "local")
        names.insert(names.end(), a.local_drivers.begin(), a.local_drivers.end());
    if (engine_under_test() == "kernel")
        for (const char *const driver : a.kernel_drivers)
            if (is_there(driver))
                names.emplace_back(driver);
    return names;
}

/// Checks who really serves; the name of the driver.
std::string serving_driver(const algorithm &a, const std::string &name) {
    const cipher c(name.c_str());
    EXPECT_STREQ(kcapi_ext_engine_name(c.get()), serving_engine()) << name;
    EXPECT_STREQ(kcapi_ext_algorithm_name(c.get()), a.name) << name;
    const char *const driver = kcapi_ext_driver_name(c.get());
    EXPECT_NE(driver, nullptr) << name;
    if (name != a.name) {
        EXPECT_STREQ(driver, name.c_str());
    } else if (engine_under_test() != "kernel") {
        EXPECT_STREQ(driver, a.local_drivers.front()) << "the library's own mode comes first";
    }
    return driver == nullptr ? "" : driver;
}

/// One vector both ways through all paths; how many runs that were.
std::size_t check_vector(const algorithm &a, const std::string &name, const known_answer &v,
                         std::mt19937 &random) {
    SCOPED_TRACE(v.where);
    cipher c(name.c_str(), v.key);
    std::size_t runs = 0;
    for (const path &p : all_paths())
        for (const bool encrypts : {true, false}) {
            const octets &in = encrypts ? v.plaintext : v.ciphertext;
            const octets &expected = encrypts ? v.ciphertext : v.plaintext;
            const octets out = p.run({c.get(), encrypts, a.chains, v.iv, in, random});
            EXPECT_TRUE(out == expected) << p.name << (encrypts ? ", encrypt: " : ", decrypt: ") << hex(out)
                                         << "\ninstead of " << hex(expected);
            ++runs;
        }
    return runs;
}

/// Every algorithm must have vectors in `all`, except those of `without`.
void check_all(const answers &all, const std::vector<std::string> &without) {
    std::mt19937 random(seed());
    std::size_t total = 0;
    for (const algorithm &a : algorithms()) {
        const auto found = all.find(a.name);
        const bool expects_none = std::find(without.begin(), without.end(), a.name) != without.end();
        ASSERT_EQ(found == all.end(), expects_none) << a.name;
        if (found == all.end())
            continue;
        for (const std::string &name : servers_of(a)) {
            const std::string driver = serving_driver(a, name);
            std::size_t runs = 0;
            for (const known_answer &v : found->second) {
                runs += check_vector(a, name, v, random);
                ASSERT_FALSE(testing::Test::HasFailure()) << name << ", " << v.where;
            }
            std::printf("[ COUNTED  ] %s asked for as %s, by %s on %s: %zu vectors, %zu runs\n", a.name,
                        name.c_str(), driver.c_str(), serving_engine(), found->second.size(), runs);
            EXPECT_EQ(runs, found->second.size() * 2 * all_paths().size());
            EXPECT_GT(runs, 0U) << name;
            total += runs;
        }
    }
    for (const auto &entry : all)
        EXPECT_TRUE(std::any_of(algorithms().begin(), algorithms().end(),
                                [&](const algorithm &a) { return entry.first == a.name; }))
            << entry.second.size() << " vectors for " << entry.first << " that nobody runs";
    std::printf("[ COUNTED  ] %zu runs in all\n", total);
    EXPECT_GT(total, 0U);
}

} // namespace

TEST(kat, own_vectors) { check_all(own_answers(), {}); }

/// Not in guests: they have neither the files nor the time.
TEST(kat, cavp_vectors) {
    if (slow() && std::getenv("KCAPI_CAVP_DIR") == nullptr) {
        std::printf("[ COUNTED  ] NIST's files are the host's task\n");
        return;
    }
    const answers all = cavp_answers();
    EXPECT_EQ(all.at("ecb(aes)").size(), 2138U);
    EXPECT_EQ(all.at("cbc(aes)").size(), 2138U);
    EXPECT_EQ(all.at("ctr(aes)").size(), 9U);
    EXPECT_GE(all.at("xts(aes)").size(), 2000U);
    check_all(all, {"cts(cbc(aes))"});
}
