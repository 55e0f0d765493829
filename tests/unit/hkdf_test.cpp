// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_hkdf over HMACs by libcrypto, against the vectors of RFC 5869, appendix A.
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <numeric>
#include <string>
#include <vector>

using kcapi::test::plan;
using byte_string = std::vector<std::uint8_t>;

namespace {

byte_string sequence(std::uint8_t first, std::size_t n) {
    byte_string b(n);
    std::iota(b.begin(), b.end(), first);
    return b;
}

byte_string from_hex(const std::string &text) {
    byte_string b;
    for (std::size_t i = 0; i < text.size(); i += 2)
        b.push_back(static_cast<std::uint8_t>(std::stoi(text.substr(i, 2), nullptr, 16)));
    return b;
}

class hkdf_test : public testing::Test {
  protected:
    hkdf_test() { plan.reset(); }
    long derive(const char *hash, std::size_t length) {
        out_.assign(length, 0xee);
        return kcapi_hkdf(hash, ikm_.data(), ikm_.size(), salt_.data(),
                          static_cast<std::uint32_t>(salt_.size()), info_.data(), info_.size(), out_.data(),
                          length);
    }
    [[nodiscard]] bool only(std::uint8_t value) const {
        return std::all_of(out_.begin(), out_.end(), [value](std::uint8_t b) { return b == value; });
    }
    byte_string ikm_ = byte_string(22, 0x0b), salt_ = sequence(0, 13), info_ = sequence(0xf0, 10), out_;
};

} // namespace

TEST_F(hkdf_test, published_vectors) {
    ASSERT_EQ(derive("hmac(sha256)", 42), 0); // A.1
    EXPECT_EQ(out_, from_hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                             "34007208d5b887185865"));
    ikm_ = sequence(0, 80); // A.2
    salt_ = sequence(0x60, 80);
    info_ = sequence(0xb0, 80);
    ASSERT_EQ(derive("hmac(sha256)", 82), 0);
    EXPECT_EQ(out_, from_hex("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                             "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                             "cc30c58179ec3e87c14c01d5c1f3434f1d87"));
    ikm_ = byte_string(11, 0x0b); // A.4
    salt_ = sequence(0, 13);
    info_ = sequence(0xf0, 10);
    ASSERT_EQ(derive("hmac(sha1)", 42), 0);
    EXPECT_EQ(out_, from_hex("085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2"
                             "c22e422478d305f3f896"));
}

TEST_F(hkdf_test, salt_and_info_may_be_missing) {
    const byte_string expected = // A.3
        from_hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    byte_string out(42);
    const std::uint8_t empty = 0;
    for (const std::uint8_t *const salt : {static_cast<const std::uint8_t *>(nullptr), &empty})
        for (const std::uint8_t *const info : {static_cast<const std::uint8_t *>(nullptr), &empty}) {
            ASSERT_EQ(kcapi_hkdf("hmac(sha256)", ikm_.data(), 22, salt, 0, info, 0, out.data(), 42), 0);
            EXPECT_EQ(out, expected);
        }
    ASSERT_EQ(kcapi_hkdf("hmac(sha256)", ikm_.data(), 22, nullptr, 32, nullptr, 0, out.data(), 42), 0);
    EXPECT_EQ(out, expected) << "without a salt its length does not matter";
}

TEST_F(hkdf_test, longest_key_is_of_255_blocks) {
    ASSERT_EQ(derive("hmac(sha256)", std::size_t{255} * 32), 0);
    EXPECT_EQ(derive("hmac(sha256)", std::size_t{255} * 32 + 1), -EINVAL);
    EXPECT_TRUE(only(0));
    EXPECT_EQ(derive("hmac(sha256)", 0), 0);
    out_.resize(1);
    EXPECT_EQ(kcapi_hkdf("hmac(sha256)", ikm_.data(), 22, nullptr, 0, nullptr, 0, out_.data(), SIZE_MAX),
              -EINVAL);
}

TEST_F(hkdf_test, checks_come_in_their_order) {
    out_.assign(8, 0xee);
    std::uint8_t *const out = out_.data();
    const std::uint8_t *const ikm = ikm_.data();
    EXPECT_EQ(kcapi_hkdf("toy-unknown", nullptr, 1, nullptr, 0, nullptr, 0, out, 8), -EINVAL);
    EXPECT_EQ(kcapi_hkdf("toy-unknown", ikm, 0, nullptr, 0, nullptr, 0, out, 8), -EINVAL);
    EXPECT_EQ(kcapi_hkdf("toy-unknown", ikm, 1, nullptr, 0, nullptr, 0, nullptr, 8), -EINVAL);
    EXPECT_EQ(kcapi_hkdf("toy-unknown", ikm, 1, nullptr, 0, nullptr, 0, nullptr, 0), -EINVAL);
    EXPECT_EQ(kcapi_hkdf(nullptr, ikm, 1, nullptr, 0, nullptr, 0, out, 8), -EINVAL);
    EXPECT_EQ(kcapi_hkdf("hmac(sha256)", ikm, 1, nullptr, 0, nullptr, 1, out, 8), -EFAULT);
    EXPECT_EQ(kcapi_hkdf("hmac(sha256)", ikm, SIZE_MAX, nullptr, 0, nullptr, 0, out, 8), -EMSGSIZE);
    EXPECT_EQ(kcapi_hkdf("hmac(sha256)", ikm, 1, nullptr, 0, ikm, SIZE_MAX, out, 8), -EMSGSIZE);
    EXPECT_EQ(plan.opens, 0);
    EXPECT_EQ(derive("toy-unknown", 8), -ENOENT);
    EXPECT_EQ(derive("toy-hash-0", 8), -EFAULT);
    EXPECT_EQ(derive("toy-hash-65", 8), -EFAULT);
    EXPECT_EQ(derive("sha256", 8), -ENOSYS) << "no key can be set";
    EXPECT_TRUE(only(0));
    EXPECT_EQ(plan.calls, 0);
}

TEST_F(hkdf_test, every_failure_wipes_the_key) {
    for (int n = 1; n <= 4; ++n) {
        plan.reset();
        plan.fail_call = n;
        EXPECT_EQ(derive("hmac(sha256)", 80), -EIO) << n;
        EXPECT_TRUE(only(0)) << n;
    }
    plan.reset();
    plan.fail_call = 5;
    EXPECT_EQ(derive("hmac(sha256)", 80), 0);
    EXPECT_EQ(plan.opens, 1);
}
