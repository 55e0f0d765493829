// SPDX-License-Identifier: BSD-3-Clause
//
// PBKDF2 over the seam, with HMAC-SHA-256 by libcrypto behind it.
#include "capi/pbkdf2.hpp"
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <string>
#include <vector>

using namespace kcapi;
using kcapi::test::plan;

namespace {

const char *const hash = "hmac(sha256)";

std::string hex(const std::vector<std::uint8_t> &bytes) {
    std::string text;
    for (const std::uint8_t b : bytes) {
        text += "0123456789abcdef"[b >> 4];
        text += "0123456789abcdef"[b & 15];
    }
    return text;
}

const std::uint8_t *data_of(const std::string &s) { return reinterpret_cast<const std::uint8_t *>(s.data()); }

class kdf_test : public testing::Test {
  protected:
    kdf_test() { plan.reset(); }
    long derive(const std::string &password, const std::string &salt, std::uint32_t count, std::size_t length,
                const char *name = hash) {
        key_.assign(length, 0xee);
        return kcapi_pbkdf(name, data_of(password), static_cast<std::uint32_t>(password.size()),
                           data_of(salt), salt.size(), count, key_.data(), length);
    }
    [[nodiscard]] bool wiped() const {
        return std::all_of(key_.begin(), key_.end(), [](std::uint8_t b) { return b == 0; });
    }
    std::vector<std::uint8_t> key_;
};

/// A clock for iterations_for: what each measurement shall be, by its count and its number.
class fake_measure {
  public:
    std::function<std::uint64_t(std::uint32_t count, std::size_t call)> time;
    std::vector<std::uint32_t> asked;

    result<std::uint32_t> search(std::uint64_t threshold) {
        return capi::iterations_for(threshold, [this](std::uint32_t count) -> result<std::uint64_t> {
            asked.push_back(count);
            return time(count, asked.size());
        });
    }
};

} // namespace

TEST_F(kdf_test, published_vectors) {
    struct vector {
        std::string password, salt;
        std::uint32_t count;
        std::size_t length;
        const char *key;
    };
    const vector vectors[] = {
        // RFC 7914, section 11
        {"passwd", "salt", 1, 64,
         "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
         "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"},
        {"Password", "NaCl", 80000, 64,
         "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
         "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"},
        // The inputs of RFC 6070 with HMAC-SHA-256
        {"password", "salt", 1, 32, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"},
        {"password", "salt", 2, 32, "ae4d0c95af6b46d32d0adff928f06dd02a303f8ef3c251dfd6e2d85a95474c43"},
        {"password", "salt", 4096, 32, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"},
        {"passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 40,
         "348c89dbcbd32b2f32d814b8116e84cf2b17347ebc1800181c4e2a1fb8dd53e1c635518c7dac47e9"},
        {std::string("pass\0word", 9), std::string("sa\0lt", 5), 4096, 16,
         "89b69d0516f829893c696226650a8687"},
    };
    for (const vector &v : vectors) {
        ASSERT_EQ(derive(v.password, v.salt, v.count, v.length), 0) << v.password;
        EXPECT_EQ(hex(key_), v.key) << v.password;
    }
}

TEST_F(kdf_test, iterations_cost_one_send_and_one_receive) {
    ASSERT_EQ(derive("password", "salt", 2, 33), 0);
    EXPECT_EQ(plan.calls, 2 * 2 * 2) << "two blocks of two iterations";
    EXPECT_EQ(plan.opens, 1);
}

TEST_F(kdf_test, engine_that_does_all_of_it_is_let_do_it) {
    ASSERT_EQ(derive("password", "salt", 4096, 32), 0);
    const std::vector<std::uint8_t> by_messages = key_;
    plan.reset();
    ASSERT_EQ(derive("password", "salt", 4096, 32, "hmac(toy-fast)"), 0);
    EXPECT_EQ(key_, by_messages);
    EXPECT_EQ(plan.derived, 1);
    EXPECT_EQ(plan.calls, 0);
}

TEST_F(kdf_test, empty_password_salt_and_key) {
    std::vector<std::uint8_t> key(16);
    ASSERT_EQ(kcapi_pbkdf(hash, nullptr, 0, nullptr, 0, 1, key.data(), key.size()), 0);
    EXPECT_EQ(hex(key), "f7ce0b653d2d72a4108cf5abe912ffdd");
    EXPECT_EQ(kcapi_pbkdf(hash, nullptr, 0, nullptr, 0, 1, nullptr, 0), 0);
    EXPECT_EQ(kcapi_pbkdf("toy-unknown", nullptr, 0, nullptr, 0, 1, nullptr, 0), -ENOENT);
}

TEST_F(kdf_test, checks_come_in_their_order) {
    std::uint8_t byte = 0xee;
    const std::size_t too_long = static_cast<std::size_t>(INT_MAX) + 1;
    EXPECT_EQ(kcapi_pbkdf(nullptr, nullptr, 1, nullptr, 1, 0, &byte, too_long), -EMSGSIZE);
    EXPECT_EQ(byte, 0xee) << "a length that cannot be is not believed";
    EXPECT_EQ(kcapi_pbkdf(nullptr, nullptr, 1, nullptr, 1, 0, nullptr, 1), -EINVAL);
    EXPECT_EQ(kcapi_pbkdf(nullptr, nullptr, 1, nullptr, 0, 1, &byte, 1), -EFAULT);
    EXPECT_EQ(kcapi_pbkdf(nullptr, nullptr, 0, nullptr, 1, 1, &byte, 1), -EFAULT);
    EXPECT_EQ(kcapi_pbkdf(nullptr, nullptr, 0, nullptr, 0, 1, nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_pbkdf(nullptr, nullptr, 0, nullptr, 0, 1, &byte, 1), -EINVAL);
    EXPECT_EQ(kcapi_pbkdf(hash, nullptr, 0, &byte, too_long, 1, &byte, 1), -EMSGSIZE);
    EXPECT_EQ(plan.opens, 0) << "nothing is opened for arguments that are wrong";
    EXPECT_EQ(derive("password", "salt", 1, 32, "toy-unknown"), -ENOENT);
    EXPECT_EQ(derive("password", "salt", 1, 32, "toy-hash-0"), -EFAULT);
    EXPECT_EQ(derive("password", "salt", 1, 32, "toy-hash-65"), -EFAULT);
    EXPECT_EQ(derive("password", "salt", 1, 32, "sha256"), -ENOSYS) << "no key can be set";
    EXPECT_EQ(plan.calls, 0);
}

TEST_F(kdf_test, every_failure_wipes_the_key) {
    EXPECT_EQ(derive("password", "salt", 0, 100), -EINVAL);
    EXPECT_TRUE(wiped());
    EXPECT_EQ(derive("password", "salt", 1, 100, "toy-unknown"), -ENOENT);
    EXPECT_TRUE(wiped());
    EXPECT_EQ(derive("password", "salt", 1, 100, "sha256"), -ENOSYS);
    EXPECT_TRUE(wiped());
    const int calls_needed = 2 * 3 * 4; // three iterations for each of four blocks
    for (int n = 1; n <= calls_needed; ++n) {
        plan.reset();
        plan.fail_call = n;
        EXPECT_EQ(derive("password", "salt", 3, 100), -EIO) << n;
        EXPECT_TRUE(wiped()) << n;
    }
    plan.reset();
    plan.fail_call = calls_needed + 1;
    EXPECT_EQ(derive("password", "salt", 3, 100), 0);
}

TEST_F(kdf_test, search_doubles_until_the_threshold_is_exceeded_twice_in_a_row) {
    fake_measure m;
    m.time = [](std::uint32_t count, std::size_t) { return std::uint64_t{count} * 10; };
    EXPECT_EQ(*m.search(10000000), 1U << 20) << "1000000 iterations, rounded up to a power of two";
    EXPECT_EQ(m.asked.front(), 1U);
    EXPECT_EQ(m.asked.size(), 22U) << "2^0 to 2^20, and 2^20 again";
    EXPECT_EQ(m.asked[20], m.asked[21]);

    fake_measure disturbed;
    disturbed.time = [](std::uint32_t count, std::size_t call) {
        return call == 5 ? std::uint64_t{1} << 40 : std::uint64_t{count} * 10;
    };
    EXPECT_EQ(*disturbed.search(10000000), 1U << 20) << "one slow measurement decides nothing";
    EXPECT_EQ(disturbed.asked.size(), 23U);
}

TEST_F(kdf_test, threshold_itself_is_not_exceeded) {
    fake_measure m;
    m.time = [](std::uint32_t count, std::size_t) { return std::uint64_t{count}; };
    EXPECT_EQ(*m.search(1U << 17), 1U << 18);
    EXPECT_EQ(*m.search((1U << 17) - 1), 1U << 17);
}

TEST_F(kdf_test, thresholds_of_seconds_are_reached) {
    fake_measure m;
    m.time = [](std::uint32_t count, std::size_t) { return std::uint64_t{count} * 1000; };
    EXPECT_EQ(*m.search(5000000000), 1U << 23) << "5 s at 1 us each";
}

TEST_F(kdf_test, whole_seconds_count_as_time) {
    plan.delay_ms = 1020;
    EXPECT_EQ(kcapi_pbkdf_iteration_count("hmac(toy-fast)", 1000000000), 1U << 16);
    EXPECT_EQ(plan.derived, 2) << "each took longer than the threshold of a second";
}

TEST_F(kdf_test, result_has_a_floor_and_the_default_is_an_eighth_of_a_second) {
    fake_measure m;
    m.time = [](std::uint32_t, std::size_t) { return std::uint64_t{1} << 40; };
    EXPECT_EQ(*m.search(1), 1U << 16);
    EXPECT_EQ(m.asked, (std::vector<std::uint32_t>{1, 1}));
    m.time = [](std::uint32_t count, std::size_t) { return std::uint64_t{count} << 9; };
    EXPECT_EQ(*m.search(0), 1U << 19) << "2^27 ns at 2^9 each, and more";
}

TEST_F(kdf_test, search_that_leads_nowhere_ends) {
    fake_measure m;
    m.time = [](std::uint32_t, std::size_t) { return std::uint64_t{0}; };
    EXPECT_EQ(m.search(1).error().code, ERANGE);
    EXPECT_EQ(m.asked.size(), 32U);
    EXPECT_EQ(m.asked.back(), 1U << 31);
    int left = 5;
    const result<std::uint32_t> failed = capi::iterations_for(1, [&](std::uint32_t) -> result<std::uint64_t> {
        return --left == 0 ? result<std::uint64_t>(error{EIO, "toy"}) : std::uint64_t{0};
    });
    EXPECT_EQ(failed.error().code, EIO);
}

TEST_F(kdf_test, iteration_count_is_a_power_of_two_or_the_answer_for_failures) {
    const std::uint32_t count = kcapi_pbkdf_iteration_count(hash, 1000000);
    EXPECT_GE(count, 1U << 16);
    EXPECT_EQ(count & (count - 1), 0U);
    EXPECT_EQ(kcapi_pbkdf_iteration_count("toy-unknown", 0), 1U << 18);
    EXPECT_EQ(kcapi_pbkdf_iteration_count(nullptr, 0), 1U << 18);
    EXPECT_EQ(kcapi_pbkdf_iteration_count("sha256", 0), 1U << 18);
    plan.reset();
    plan.fail_call = 20;
    EXPECT_EQ(kcapi_pbkdf_iteration_count(hash, 1000000), 1U << 18);
}
