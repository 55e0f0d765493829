// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_kdf_ctr, _fb and _dpi over HMAC-SHA-256 by libcrypto, against the formulas of NIST SP 800-108.
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <vector>

using kcapi::test::plan;
using byte_string = std::vector<std::uint8_t>;

namespace {

constexpr std::size_t digest = 32;

byte_string operator+(byte_string a, const byte_string &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

byte_string counter(std::uint32_t i) {
    return {static_cast<std::uint8_t>(i >> 24), static_cast<std::uint8_t>(i >> 16),
            static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
}

class sp800_108_test : public testing::Test {
  protected:
    sp800_108_test() {
        plan.reset();
        EXPECT_EQ(kcapi_md_init(&prf_, "hmac(sha256)", 0), 0);
        EXPECT_EQ(kcapi_md_setkey(prf_, key_.data(), 20), 0);
    }
    ~sp800_108_test() override { kcapi_md_destroy(prf_); }

    [[nodiscard]] byte_string mac(const byte_string &message) const {
        byte_string out(digest);
        (void)::HMAC(::EVP_sha256(), key_.data(), 20, message.data(), message.size(), out.data(), nullptr);
        return out;
    }
    using function = ssize_t (*)(kcapi_handle *, const std::uint8_t *, std::size_t, std::uint8_t *,
                                 std::size_t);
    long derive(function f, const byte_string &src, std::size_t length) {
        out_.assign(length, 0xee);
        return f(prf_, src.data(), src.size(), out_.data(), length);
    }
    [[nodiscard]] bool wiped() const {
        return std::all_of(out_.begin(), out_.end(), [](std::uint8_t b) { return b == 0; });
    }

    kcapi_handle *prf_ = nullptr;
    const byte_string key_ = byte_string(20, 0x5a);
    const byte_string fixed_{1, 2, 3, 4, 5};
    byte_string out_;
    static constexpr function all[] = {kcapi_kdf_ctr, kcapi_kdf_fb, kcapi_kdf_dpi};
};

} // namespace

TEST_F(sp800_108_test, counter_mode) {
    byte_string expected;
    for (std::uint32_t i = 1; i <= 300; ++i)
        expected = expected + mac(counter(i) + fixed_);
    for (const std::size_t length :
         {std::size_t{1}, digest - 1, digest, digest + 1, 40 + digest, 300 * digest}) {
        ASSERT_EQ(derive(kcapi_kdf_ctr, fixed_, length), 0);
        EXPECT_EQ(out_, byte_string(expected.begin(), expected.begin() + static_cast<long>(length)));
    }
    ASSERT_EQ(derive(kcapi_kdf_ctr, {}, 40), 0) << "no fixed data";
    const byte_string bare = mac(counter(1)) + mac(counter(2));
    EXPECT_EQ(out_, byte_string(bare.begin(), bare.begin() + 40));
}

TEST_F(sp800_108_test, feedback_mode) {
    const byte_string iv(digest, 0x77);
    byte_string last = iv, expected;
    for (std::uint32_t i = 1; i <= 5; ++i) {
        last = mac(last + counter(i) + fixed_);
        expected = expected + last;
    }
    for (const std::size_t length : {std::size_t{1}, digest, 5 * digest - 3}) {
        ASSERT_EQ(derive(kcapi_kdf_fb, iv + fixed_, length), 0);
        EXPECT_EQ(out_, byte_string(expected.begin(), expected.begin() + static_cast<long>(length)));
    }
    ASSERT_EQ(derive(kcapi_kdf_fb, iv, digest), 0) << "an IV alone";
    EXPECT_EQ(out_, mac(iv + counter(1)));
    EXPECT_EQ(derive(kcapi_kdf_fb, byte_string(digest - 1), digest), -EINVAL);
    EXPECT_TRUE(wiped());
    EXPECT_EQ(kcapi_kdf_fb(prf_, nullptr, 100, out_.data(), out_.size()), -EINVAL);
}

TEST_F(sp800_108_test, double_pipeline_mode) {
    for (const byte_string &src : {fixed_, byte_string()}) {
        byte_string a = src.empty() ? byte_string(digest) : src;
        byte_string expected;
        for (std::uint32_t i = 1; i <= 4; ++i) {
            a = mac(a);
            expected = expected + mac(a + counter(i) + src);
        }
        for (const std::size_t length : {std::size_t{1}, digest, 4 * digest - 5}) {
            ASSERT_EQ(derive(kcapi_kdf_dpi, src, length), 0);
            EXPECT_EQ(out_, byte_string(expected.begin(), expected.begin() + static_cast<long>(length)));
        }
    }
}

TEST_F(sp800_108_test, key_of_no_length_is_success_after_the_checks) {
    const byte_string iv(digest);
    std::uint8_t byte = 0xee;
    for (const function f : all)
        EXPECT_EQ(f(prf_, iv.data(), digest, &byte, 0), 0);
    EXPECT_EQ(kcapi_kdf_ctr(prf_, nullptr, 0, nullptr, 0), 0);
    EXPECT_EQ(kcapi_kdf_fb(prf_, nullptr, 0, nullptr, 0), -EINVAL);
    EXPECT_EQ(byte, 0xee);
    EXPECT_EQ(plan.calls, 0);
}

TEST_F(sp800_108_test, checks_come_in_their_order) {
    std::uint8_t byte = 0xee;
    const std::size_t too_long = static_cast<std::size_t>(INT_MAX) + 1;
    for (const function f : all) {
        EXPECT_EQ(f(prf_, nullptr, 1, &byte, too_long), -EMSGSIZE);
        EXPECT_EQ(f(prf_, nullptr, 1, &byte, SIZE_MAX), -EMSGSIZE);
        EXPECT_EQ(byte, 0xee) << "a length that cannot be is not believed";
        EXPECT_EQ(f(nullptr, nullptr, 0, &byte, 1), -EINVAL);
        const byte_string iv(digest);
        EXPECT_EQ(f(prf_, iv.data(), digest, nullptr, 1), -EFAULT);
        EXPECT_EQ(f(prf_, iv.data(), too_long, &byte, 1), -EMSGSIZE);
        byte = 0xee;
    }
    EXPECT_EQ(kcapi_kdf_ctr(prf_, nullptr, 1, &byte, 1), -EFAULT);
    EXPECT_EQ(byte, 0);
    EXPECT_EQ(kcapi_kdf_dpi(prf_, nullptr, 1, &byte, 1), -EFAULT);
    EXPECT_EQ(plan.calls, 0);
    for (const char *const name : {"toy-hash-0", "toy-hash-65"}) {
        kcapi_handle *odd = nullptr;
        ASSERT_EQ(kcapi_md_init(&odd, name, 0), 0);
        const byte_string src(100);
        for (const function f : all) {
            byte = 0xee;
            EXPECT_EQ(f(odd, src.data(), src.size(), &byte, 1), -EFAULT) << name;
            EXPECT_EQ(byte, 0);
        }
        kcapi_md_destroy(odd);
    }
}

TEST_F(sp800_108_test, every_failure_wipes_the_key) {
    const byte_string src(digest + 3, 9);
    for (const function f : all) {
        for (int n = 1; n <= (f == kcapi_kdf_dpi ? 8 : 4); ++n) {
            plan.reset();
            plan.fail_call = n;
            EXPECT_EQ(derive(f, src, 4 * digest - 1), -EIO) << n;
            EXPECT_TRUE(wiped()) << n;
        }
        plan.reset();
        EXPECT_EQ(derive(f, src, 4 * digest - 1), 0) << "the handle stays usable";
    }
    kcapi_handle *fresh = nullptr;
    ASSERT_EQ(kcapi_md_init(&fresh, "hmac(sha256)", 0), 0);
    std::swap(fresh, prf_);
    EXPECT_EQ(derive(kcapi_kdf_ctr, src, 10), -ENOKEY);
    EXPECT_TRUE(wiped());
    kcapi_md_destroy(fresh);
}

TEST_F(sp800_108_test, message_under_way_does_not_get_into_the_key) {
    ASSERT_EQ(kcapi_md_update(prf_, fixed_.data(), 5), 0);
    EXPECT_EQ(derive(kcapi_kdf_ctr, fixed_, 40), -EINVAL);
    EXPECT_TRUE(wiped());
    byte_string d(digest);
    ASSERT_EQ(kcapi_md_final(prf_, d.data(), digest), digest);
    EXPECT_EQ(d, mac(fixed_)) << "and the message is what it was";
    EXPECT_EQ(derive(kcapi_kdf_ctr, fixed_, 40), 0);
}
