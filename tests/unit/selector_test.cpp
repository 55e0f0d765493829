// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/selector.hpp"

#include <gtest/gtest.h>

using namespace kcapi;
using namespace kcapi::runtime;

namespace {

class fake_transform final : public alg::transform {
  public:
    const alg::properties &info() const noexcept override { return info_; }
    result<std::uint32_t> set(alg::parameter, base::bytes) override { return 0U; }
    result<void> set_tag_size(std::uint32_t) override { return {}; }
    result<std::unique_ptr<alg::operation>> accept() override { return error{ENOSYS, "fake"}; }

  private:
    alg::properties info_;
};

class fake_engine final : public alg::engine {
  public:
    explicit fake_engine(const char *name) : name_(name) {}
    const char *name() const noexcept override { return name_; }
    result<std::shared_ptr<alg::transform>> open(alg::kind, std::string_view) override {
        ++opens;
        if (answer != 0)
            return error{answer, name_};
        return std::shared_ptr<alg::transform>(std::make_shared<fake_transform>());
    }
    void list(const std::function<void(const alg::properties &)> &) override {}

    int answer = 0;
    int opens = 0;

  private:
    const char *name_;
};

class selector_test : public testing::Test {
  protected:
    std::string open(std::string_view name = "cbc(aes)") {
        const result<selector::choice> c = selector_.open(alg::kind::skcipher, name);
        return c ? c->engine->name() : ::strerrorname_np(c.error().code);
    }

    fake_engine kernel_{"kernel"};
    fake_engine local_{"local"};
    bool hardware_ = false;
    int hardware_questions_ = 0;
    selector selector_{kernel_, local_, [this](alg::kind, std::string_view) {
                           ++hardware_questions_;
                           return hardware_;
                       }};
};

} // namespace

TEST_F(selector_test, local_serves_without_asking_the_kernel) {
    EXPECT_EQ(open(), "local");
    EXPECT_EQ(kernel_.opens, 0);
}

TEST_F(selector_test, decision_is_kept_per_name) {
    EXPECT_EQ(open(), "local");
    hardware_ = true;
    EXPECT_EQ(open(), "local");
    EXPECT_EQ(hardware_questions_, 1);
    EXPECT_EQ(open("ctr(aes)"), "kernel");
    EXPECT_EQ(hardware_questions_, 2);
}

TEST_F(selector_test, hardware_goes_to_the_kernel_and_a_refusal_back_to_local) {
    hardware_ = true;
    EXPECT_EQ(open("a"), "kernel");
    for (const int code : {ENOENT, EAFNOSUPPORT, EPERM, EACCES, EPROTONOSUPPORT}) {
        kernel_.answer = code;
        EXPECT_EQ(open("b" + std::to_string(code)), "local") << code;
    }
}

TEST_F(selector_test, kernel_serves_what_local_does_not_know) {
    for (const int code : {ENOENT, EINVAL, ELIBBAD, EEXIST}) {
        local_.answer = code;
        EXPECT_EQ(open("n" + std::to_string(code)), "kernel") << code;
    }
    const int local_opens = local_.opens;
    EXPECT_EQ(open("n" + std::to_string(ENOENT)), "kernel");
    EXPECT_EQ(local_.opens, local_opens) << "the decision is kept";
}

TEST_F(selector_test, neither_gives_the_kernels_number) {
    local_.answer = ENOENT;
    kernel_.answer = EAFNOSUPPORT;
    EXPECT_EQ(open(), "EAFNOSUPPORT");
    kernel_.answer = ENOENT;
    EXPECT_EQ(open(), "ENOENT");
}

TEST_F(selector_test, failure_that_is_no_refusal_is_reported_and_not_papered_over) {
    local_.answer = ENOMEM;
    EXPECT_EQ(open(), "ENOMEM");
    EXPECT_EQ(kernel_.opens, 0);
    local_.answer = 0;
    EXPECT_EQ(open(), "local") << "and is not remembered";
}
