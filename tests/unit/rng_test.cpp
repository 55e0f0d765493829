// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi_rng_* over a toy generator that gives 128 bytes at a time.
#include "capi/child.hpp"
#include "capi/denial.hpp"
#include "support/toy_runtime.hpp"

#include <kcapi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <vector>

using kcapi::test::plan;

namespace {

class rng_test : public testing::Test {
  protected:
    rng_test() {
        plan.reset();
        EXPECT_EQ(kcapi_rng_init(&handle_, "toy-rng", 0), 0);
    }
    ~rng_test() override { kcapi_rng_destroy(handle_); }
    long generate(std::size_t n) {
        out_.assign(n + 1, 0xee);
        const long r = kcapi_rng_generate(handle_, out_.data(), n);
        EXPECT_EQ(out_.back(), 0xee) << "beyond the buffer";
        out_.pop_back();
        return r;
    }
    [[nodiscard]] bool wiped() const {
        return std::all_of(out_.begin(), out_.end(), [](std::uint8_t b) { return b == 0; });
    }

    kcapi_handle *handle_ = nullptr;
    std::uint8_t seed_[2] = {5, 6};
    std::vector<std::uint8_t> out_;
};

} // namespace

TEST_F(rng_test, any_length_is_filled_in_the_generators_steps) {
    ASSERT_EQ(kcapi_rng_seed(handle_, seed_, 2), 0);
    ASSERT_EQ(generate(300), 300);
    EXPECT_EQ(plan.calls, 3);
    for (std::size_t i = 0; i < out_.size(); ++i)
        ASSERT_EQ(out_[i], static_cast<std::uint8_t>(5 + i));
    ASSERT_EQ(generate(128), 128);
    EXPECT_EQ(plan.calls, 4);
    EXPECT_EQ(generate(0), 0);
    EXPECT_EQ(kcapi_rng_generate(handle_, nullptr, 0), 0);
    EXPECT_EQ(plan.calls, 4);
}

TEST_F(rng_test, seed_may_be_empty_but_must_be_given_before_output) {
    EXPECT_EQ(generate(10), -EINVAL) << "not seeded";
    EXPECT_TRUE(wiped());
    kcapi_rng_destroy(handle_);
    ASSERT_EQ(kcapi_rng_init(&handle_, "toy-rng", 0), 0);
    EXPECT_EQ(kcapi_rng_seed(handle_, nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_rng_seed(handle_, nullptr, 0), 0);
    EXPECT_EQ(generate(10), 10);
    EXPECT_EQ(kcapi_rng_seed(handle_, seed_, 2), -EBUSY);
}

TEST_F(rng_test, late_failure_gives_no_bytes_away) {
    ASSERT_EQ(kcapi_rng_seed(handle_, seed_, 2), 0);
    plan.fail_call = 3;
    EXPECT_EQ(generate(300), -EIO);
    EXPECT_TRUE(wiped());
    EXPECT_EQ(generate(300), 300) << "the handle stays usable";
    plan.dry = true;
    EXPECT_EQ(generate(300), -EIO) << "a generator that gives nothing must not be asked for ever";
    EXPECT_TRUE(wiped());
}

TEST_F(rng_test, bad_arguments) {
    EXPECT_EQ(kcapi_rng_generate(handle_, nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_rng_generate(handle_, seed_, static_cast<std::size_t>(PTRDIFF_MAX) + 1), -EMSGSIZE);
    EXPECT_EQ(kcapi_rng_generate(nullptr, seed_, 1), -EINVAL);
    EXPECT_EQ(kcapi_rng_seed(nullptr, seed_, 1), -EINVAL);
    EXPECT_EQ(seed_[0], 5);
    EXPECT_EQ(plan.calls, 0);
    kcapi_handle *none = nullptr;
    EXPECT_EQ(kcapi_rng_init(&none, "toy-aead", 0), -ENOENT);
    EXPECT_EQ(none, nullptr);
    kcapi_rng_destroy(nullptr);
}

TEST_F(rng_test, entropy_and_additional_data_reach_the_generator) {
    std::uint8_t b[200] = {7};
    EXPECT_EQ(kcapi_rng_setentropy(handle_, nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_rng_setentropy(handle_, b, 129), -EMSGSIZE);
    EXPECT_EQ(kcapi_rng_setentropy(handle_, b, 48), 0);
    EXPECT_EQ(kcapi_rng_setentropy(handle_, b, 48), -EINVAL) << "the kernel's number";
    EXPECT_EQ(kcapi_rng_setentropy(nullptr, b, 48), -EINVAL);
    ASSERT_EQ(kcapi_rng_seed(handle_, seed_, 2), 0);
    ASSERT_EQ(kcapi_rng_setaddtl(handle_, b, 10), 0);
    ASSERT_EQ(generate(3), 3);
    EXPECT_EQ(out_, (std::vector<std::uint8_t>{12, 13, 14})) << "the seed's 5 and 7";
    EXPECT_EQ(kcapi_rng_setaddtl(handle_, nullptr, 0), 0);
    EXPECT_EQ(kcapi_rng_setaddtl(handle_, nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_rng_setaddtl(handle_, b, 129), -EMSGSIZE);
    EXPECT_EQ(kcapi_rng_setaddtl(handle_, b, 0x80000000U), -EMSGSIZE);
    EXPECT_EQ(kcapi_rng_setaddtl(nullptr, b, 1), -EINVAL);
    plan.dry = true;
    EXPECT_EQ(kcapi_rng_setaddtl(handle_, b, 10), -EIO) << "not all of it was taken";
}

TEST_F(rng_test, additional_data_without_entropy_is_refused_with_a_number) {
    std::uint8_t b = 1;
    ASSERT_EQ(kcapi_rng_seed(handle_, seed_, 2), 0);
    EXPECT_EQ(kcapi_rng_setaddtl(handle_, &b, 1), -EOPNOTSUPP) << "-errno, not -1";
    EXPECT_EQ(generate(3), 3);
}

TEST_F(rng_test, seed_size) {
    EXPECT_EQ(kcapi_rng_seedsize(handle_), 0U);
    EXPECT_EQ(kcapi_rng_seedsize(nullptr), 0U);
    plan.seed_size = 48;
    kcapi_handle *std_rng = nullptr;
    ASSERT_EQ(kcapi_rng_init(&std_rng, "stdrng", 0), 0);
    EXPECT_EQ(kcapi_rng_seedsize(std_rng), 48U);
    kcapi_rng_destroy(std_rng);
}

TEST_F(rng_test, bytes_without_a_handle) {
    out_.assign(301, 0xee);
    ASSERT_EQ(kcapi_rng_get_bytes(out_.data(), 300), 300);
    EXPECT_EQ(out_[0], 0);
    EXPECT_EQ(out_[299], static_cast<std::uint8_t>(299));
    EXPECT_EQ(out_[300], 0xee);
    EXPECT_EQ(plan.calls, 3);
    EXPECT_TRUE(plan.seed.empty()) << "it has entropy of its own";
    for (const std::uint32_t size : {1U, 31U, 32U, 48U}) {
        plan.seed_size = size;
        ASSERT_EQ(kcapi_rng_get_bytes(out_.data(), 10), 10);
        EXPECT_EQ(plan.seed.size(), std::max(size, 32U));
        EXPECT_LT(std::count(plan.seed.begin(), plan.seed.end(), 0), 10) << "from the system";
    }
    EXPECT_EQ(kcapi_rng_get_bytes(nullptr, 0), 0);
}

TEST_F(rng_test, bytes_without_a_handle_come_whole_or_not_at_all) {
    const auto get = [&](std::size_t n) {
        out_.assign(300, 0xee);
        return kcapi_rng_get_bytes(out_.data(), n);
    };
    plan.fail_call = 3;
    EXPECT_EQ(get(300), -EIO);
    EXPECT_TRUE(wiped());
    plan.dry = true;
    EXPECT_EQ(get(300), -EFAULT);
    EXPECT_TRUE(wiped());
    plan.reset();
    plan.seed_size = kcapi::test::no_stdrng;
    EXPECT_EQ(get(300), -ENOENT);
    EXPECT_TRUE(wiped());
    EXPECT_EQ(kcapi_rng_get_bytes(nullptr, 1), -EFAULT);
    EXPECT_EQ(kcapi_rng_get_bytes(out_.data(), static_cast<std::size_t>(PTRDIFF_MAX) + 1), -EMSGSIZE);
}

TEST_F(rng_test, bytes_without_a_handle_need_a_seed_and_fail_with_a_number_without_one) {
    EXPECT_TRUE(kcapi::test::passes_in_child([&] {
        kcapi::test::deny({.getrandom = EPERM});
        plan.seed_size = 48;
        out_.assign(300, 0xee);
        EXPECT_EQ(kcapi_rng_get_bytes(out_.data(), 300), -EPERM);
        EXPECT_TRUE(wiped());
        plan.seed_size = 0;
        EXPECT_EQ(kcapi_rng_get_bytes(out_.data(), 300), 300) << "a generator that seeds itself";
    }));
}
