// SPDX-License-Identifier: BSD-3-Clause
//
// No descriptor left, and few of them, in the life of a handle of each family.
#include "capi/child.hpp"
#include "capi/environment.hpp"
#include "capi/family_lives.hpp"

using namespace kcapi::test;

namespace {

/// In a process that has not used the library: the life with `left` descriptors, then without a limit.
void expect_result_or_emfile(const family_life &life, const char *engine, std::size_t left) {
    EXPECT_TRUE(passes_in_child([&] {
        set_environment("KCAPI_ENGINE", engine);
        const std::size_t descriptors = open_descriptors();
        ssize_t limited = 0;
        ssize_t again = 0;
        {
            const no_more_descriptors limit(left);
            limited = life.run();
            again = life.run();
        }
        EXPECT_EQ(open_descriptors(), descriptors) << life.name;
        const ssize_t usual = life.run();
        if (engine != std::string("kernel")) {
            EXPECT_EQ(usual, 0) << life.name << ' ' << engine;
        }
        // The kernel engine may lack the family, or the machine AF_ALG.
        for (const ssize_t r : {limited, again})
            EXPECT_TRUE(r == usual || r == -EMFILE)
                << life.name << ' ' << engine << ": " << r << ", " << left << " left; usually " << usual;
        EXPECT_EQ(open_descriptors(), descriptors) << life.name;
    })) << life.name
        << ' ' << engine << ", " << left << " left";
}

} // namespace

TEST(few_descriptors, in_a_life_of_any_family_give_a_result_or_emfile_and_harm_nothing) {
    for (const family_life &life : family_lives())
        for (const char *const engine : {"local", "auto", "kernel"})
            for (std::size_t left = 0; left < 5; ++left)
                expect_result_or_emfile(life, engine, left);
}

TEST(no_descriptors, in_a_life_of_any_family_the_local_engine_works_once_its_modules_are_loaded) {
    for (const family_life &life : family_lives())
        EXPECT_TRUE(passes_in_child([&] {
            set_environment("KCAPI_ENGINE", "local");
            EXPECT_EQ(life.run(), 0) << life.name;
            const no_more_descriptors limit;
            EXPECT_EQ(life.run(), 0) << life.name << " without a descriptor";
        })) << life.name;
}
