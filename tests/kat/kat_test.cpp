// SPDX-License-Identifier: BSD-3-Clause
//
// Known answers through every path, on every driver of the engine under test (KCAPI_TEST_ENGINE).
#include "capi/differences.hpp"
#include "capi/support.hpp"
#include "kat/algorithms.hpp"
#include "kat/answers.hpp"
#include "kat/paths.hpp"

#include <cstdio>
#include <cstdlib>

using namespace kcapi::test;

namespace {

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

/// "cbc" of "cbc(aes-openssl)"; nothing of a library's own mode.
std::string template_of(const std::string &driver) {
    const std::size_t bracket = driver.find('(');
    return bracket == std::string::npos ? "" : driver.substr(0, bracket);
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
        EXPECT_EQ(template_of(driver), template_of(a.local_drivers.front()))
            << driver << ": a library's own mode comes first, whichever library is the best here";
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

/// An algorithm's vectors on all its drivers; how many runs that were.
std::size_t check_algorithm(const algorithm &a, const std::vector<known_answer> &vectors,
                            std::mt19937 &random) {
    std::size_t total = 0;
    for (const std::string &name : servers_of(a)) {
        const std::string driver = serving_driver(a, name);
        std::size_t runs = 0;
        for (const known_answer &v : vectors) {
            runs += check_vector(a, name, v, random);
            if (testing::Test::HasFailure()) {
                ADD_FAILURE() << name << ", " << v.where;
                return total;
            }
        }
        std::printf("[ COUNTED  ] %s asked for as %s, by %s on %s: %zu vectors, %zu runs\n", a.name,
                    name.c_str(), driver.c_str(), serving_engine(), vectors.size(), runs);
        EXPECT_EQ(runs, vectors.size() * 2 * all_paths().size());
        EXPECT_GT(runs, 0U) << name;
        total += runs;
    }
    return total;
}

bool any_has(const std::vector<algorithm> &list, const std::string &name) {
    return std::any_of(list.begin(), list.end(), [&](const algorithm &a) { return a.name == name; });
}

/// Every algorithm of `list` must have vectors in `all`, except those of `without`. Of those that are not in
/// every kernel a kernel may have none.
void check_all(const answers &all, const std::vector<algorithm> &list, bool in_every_kernel,
               const std::vector<std::string> &without) {
    std::mt19937 random(seed());
    std::size_t total = 0;
    for (const algorithm &a : list) {
        const auto found = all.find(a.name);
        const bool expects_none = std::find(without.begin(), without.end(), a.name) != without.end();
        ASSERT_EQ(found == all.end(), expects_none) << a.name;
        if (found == all.end())
            continue;
        if (!in_every_kernel && engine_under_test() == "kernel" && !is_there(a.name)) {
            std::printf("[ COUNTED  ] %s is not in this kernel\n", a.name);
            continue;
        }
        total += check_algorithm(a, found->second, random);
        ASSERT_FALSE(testing::Test::HasFailure());
    }
    std::printf("[ COUNTED  ] %zu runs in all\n", total);
    EXPECT_GT(total, 0U);
}

} // namespace

TEST(kat, own_vectors) { check_all(own_answers(), aes_algorithms(), true, {}); }
TEST(kat, own_vectors_of_more_algorithms) { check_all(own_answers(), more_algorithms(), false, {}); }

TEST(kat, every_vector_is_run) {
    for (const auto &[name, vectors] : own_answers())
        EXPECT_TRUE(any_has(aes_algorithms(), name) || any_has(more_algorithms(), name))
            << vectors.size() << " vectors for " << name;
}

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
    check_all(all, aes_algorithms(), true, {"cts(cbc(aes))"});
}
