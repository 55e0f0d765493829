// SPDX-License-Identifier: BSD-3-Clause
//
// Runs the tests, and watches over each: one that hangs ends the program with its name, and one that leaves a
// descriptor open fails.
#include "capi/support.hpp"

#include <sys/types.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace {

using namespace kcapi::test;

constexpr unsigned patience = 60;
constexpr unsigned patience_under_emulation = 240;

char running_test[256] = "?";

/// Only calls that a signal handler may make.
void give_up(int) {
    constexpr char text[] = "\nFAILED: this test hangs: ";
    (void)!::write(STDOUT_FILENO, text, sizeof text - 1);
    (void)!::write(STDOUT_FILENO, running_test, std::strlen(running_test));
    (void)!::write(STDOUT_FILENO, "\n", 1);
    ::abort();
}

class overseer final : public testing::EmptyTestEventListener {
  public:
    void OnTestStart(const testing::TestInfo &info) override {
        const std::string name = std::string(info.test_suite_name()) + '.' + info.name();
        (void)std::strncpy(running_test, name.c_str(), sizeof running_test - 1);
        descriptors_ = open_descriptors();
        (void)::alarm(slow() ? patience_under_emulation : patience);
    }
    void OnTestEnd(const testing::TestInfo &) override {
        (void)::alarm(0);
        EXPECT_EQ(open_descriptors(), descriptors_)
            << "a descriptor was left open, or somebody else's closed";
    }

  private:
    std::size_t descriptors_ = 0;
};

} // namespace

int main(int argc, char **argv) {
    testing::InitGoogleTest(&argc, argv);
    (void)engine_under_test();
    (void)std::signal(SIGALRM, give_up);
    // The listeners take it over.
    testing::UnitTest::GetInstance()->listeners().Append(new overseer);
    return RUN_ALL_TESTS();
}
