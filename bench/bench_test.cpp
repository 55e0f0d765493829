// SPDX-License-Identifier: BSD-3-Clause
//
// The judge is judged: statistics, ratios, goals and the allocation count, on made-up numbers.
#include "allocations.hpp"
#include "goals.hpp"

#include <gtest/gtest.h>

#include <sys/mman.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace bench {
namespace {

constexpr subject ctr{family::skcipher, "ctr(aes)", "AES-256-CTR", true, 32, true, true};

timing made_up(const char *name, double ns, std::size_t allocations = 0) {
    return {name, std::vector<double>(9, ns), allocations};
}

const goal *named(const std::vector<goal> &goals, const std::string &part) {
    for (const goal &g : goals)
        if (g.name.find(part) != std::string::npos)
            return &g;
    return nullptr;
}

TEST(statistics, one_outlier_does_not_move_the_median) {
    const std::array<double, 5> samples{3, 1, 1000, 2, 4};
    EXPECT_DOUBLE_EQ(median(samples), 3);
    EXPECT_DOUBLE_EQ(median_deviation(samples), 1);
}

TEST(statistics, quantile_lies_between_samples_in_proportion) {
    const std::array<double, 3> samples{30, 10, 20};
    EXPECT_DOUBLE_EQ(quantile(samples, 0), 10);
    EXPECT_DOUBLE_EQ(quantile(samples, 0.25), 15);
    EXPECT_DOUBLE_EQ(quantile(samples, 1), 30);
    EXPECT_DOUBLE_EQ(quantile({}, 0.5), 0);
}

TEST(statistics, fit_finds_the_line) {
    const std::array<double, 3> x{16, 1024, 1048576};
    const std::array<double, 3> y{100 + 16 * 0.25, 100 + 1024 * 0.25, 100 + 1048576 * 0.25};
    const line found = fit_relative(x, y);
    EXPECT_NEAR(found.fixed, 100, 1e-6);
    EXPECT_NEAR(found.slope, 0.25, 1e-9);
}

TEST(ratio, is_above_one_when_the_first_contender_is_faster) {
    const measurement m{{&ctr, path::one_shot, 64}, {made_up("kcapi", 50), made_up("evp", 100)}};
    EXPECT_DOUBLE_EQ(against(m, 1).value, 2);
    EXPECT_DOUBLE_EQ(against(m, 1).spread, 0);
}

TEST(ratio, holds_when_the_clock_changes_half_way) {
    timing ours = made_up("kcapi", 100);
    timing theirs = made_up("evp", 100);
    // Slow for the last rounds, and one round earlier for the first contender: its median is a slow one.
    for (std::size_t i = 4; i < 9; ++i)
        ours.samples[i] = 150;
    for (std::size_t i = 5; i < 9; ++i)
        theirs.samples[i] = 150;
    const measurement m{{&ctr, path::one_shot, 64}, {ours, theirs}};
    EXPECT_DOUBLE_EQ(against(m, 1).value, 1);
    EXPECT_LT(against(m, 1).of_medians, 0.7);
}

TEST(goals, are_reached_at_the_limit_and_short_below_it) {
    const auto rows = [](double evp) {
        return std::vector<measurement>{
            {{&ctr, path::one_shot, 65536}, {made_up("kcapi", 100), made_up("evp", 2.0 * evp)}},
            {{&ctr, path::one_shot, 64}, {made_up("kcapi", 100), made_up("evp", 3.0 * evp)}},
            {{&ctr, path::stream, 65536},
             {made_up("kcapi", 100), made_up("evp", 1.2 * evp), made_up("one-shot", 60)}},
            {{&ctr, path::borrowed, 65536},
             {made_up("kcapi", 100), made_up("evp", 1.9 * evp), made_up("one-shot", 60)}}};
    };
    const std::vector<goal> reached = judge(rows(100));
    const std::vector<goal> missed = judge(rows(99.9));
    for (const char *const name : {"one-shot/65536", "one-shot/64", "stream/65536", "borrowed/65536"}) {
        ASSERT_NE(named(reached, name), nullptr);
        ASSERT_NE(named(missed, name), nullptr);
        EXPECT_TRUE(named(reached, name)->reached()) << name;
        EXPECT_FALSE(named(missed, name)->reached()) << name;
    }
}

TEST(goals, the_worst_row_is_judged_though_it_has_no_goal_of_its_own) {
    std::vector<measurement> rows{
        {{&ctr, path::one_shot, 256}, {made_up("kcapi", 100), made_up("evp", 97)}},
        {{&ctr, path::one_shot, 1024}, {made_up("kcapi", 100), made_up("evp", 98)}}};
    ASSERT_NE(named(judge(rows), "worst of all: ctr(aes)/enc/one-shot/256"), nullptr);
    EXPECT_TRUE(named(judge(rows), "worst")->reached());
    rows[1].timings[1] = made_up("evp", 96.9);
    ASSERT_NE(named(judge(rows), "worst of all: ctr(aes)/enc/one-shot/1024"), nullptr);
    EXPECT_FALSE(named(judge(rows), "worst")->reached());
}

TEST(goals, of_one_direction_say_nothing_about_the_other) {
    constexpr subject encryption{family::skcipher, "cbc(aes)", "AES-256-CBC", true, 32, true, true};
    constexpr subject decryption{family::skcipher, "cbc(aes)", "AES-256-CBC", false, 32, true, true};
    const auto limit_of = [](const subject &s) {
        const std::vector<goal> goals =
            judge({{{&s, path::one_shot, 16384}, {made_up("kcapi", 1), made_up("evp", 1)}}});
        return named(goals, "one-shot/16384")->limit;
    };
    EXPECT_DOUBLE_EQ(limit_of(encryption), 1.0);
    EXPECT_DOUBLE_EQ(limit_of(decryption), 1.9);
}

TEST(goals, share_of_the_limit_is_judged_by_that_contender) {
    const auto rows = [](double limit) {
        return std::vector<measurement>{
            {{&ctr, path::one_shot, 16384},
             {made_up("kcapi", 100), made_up("evp", 1000), made_up("limit", limit)}}};
    };
    ASSERT_NE(named(judge(rows(85)), "of the machine's limit"), nullptr);
    EXPECT_TRUE(named(judge(rows(85)), "of the machine's limit")->reached());
    EXPECT_FALSE(named(judge(rows(84.9)), "of the machine's limit")->reached());
}

TEST(goals, threads_are_judged_against_one_of_our_own) {
    const auto rows = [](double alone) {
        return std::vector<measurement>{
            {{&ctr, path::threads, 1048576},
             {made_up("kcapi", 100), made_up("evp", 1000), made_up(one_thread_name, alone)}}};
    };
    ASSERT_NE(named(judge(rows(180)), "against one thread"), nullptr);
    EXPECT_TRUE(named(judge(rows(180)), "against one thread")->reached());
    EXPECT_FALSE(named(judge(rows(179)), "against one thread")->reached());
}

TEST(goals, gate_wants_every_goal_and_at_least_one) {
    const goal met{"met", 1, 1, 0, true};
    const goal missed{"missed", 0.99, 1, 0, true};
    EXPECT_TRUE(all_reached({met, met}));
    EXPECT_FALSE(all_reached({met, missed}));
    EXPECT_FALSE(all_reached({missed, met}));
    EXPECT_FALSE(all_reached({}));
}

TEST(goals, one_allocation_in_all_counted_calls_is_too_many) {
    std::vector<measurement> rows{{{&ctr, path::stream, 16}, {made_up("kcapi", 1), made_up("evp", 1, 7)}},
                                  {{&ctr, path::stream, 64}, {made_up("kcapi", 1), made_up("evp", 1)}}};
    ASSERT_NE(named(judge(rows), "allocations per call, stream"), nullptr);
    EXPECT_TRUE(named(judge(rows), "allocations per call, stream")->reached());
    rows[1].timings[0].allocations = 1;
    EXPECT_FALSE(named(judge(rows), "allocations per call, stream")->reached());
    EXPECT_EQ(named(judge(rows), "allocations per call, one-shot"), nullptr)
        << "nothing measured, nothing judged";
}

TEST(allocations, every_way_to_get_memory_counts) {
    struct free_deleter {
        void operator()(void *p) const noexcept { std::free(p); }
    };
    using memory = std::unique_ptr<void, free_deleter>;
    std::size_t before = allocations();
    const auto one_more = [&before] {
        const std::size_t now = allocations();
        return now - std::exchange(before, now);
    };
    memory a(std::malloc(10));
    EXPECT_EQ(one_more(), 1U);
    const memory b(std::calloc(2, 10));
    EXPECT_EQ(one_more(), 1U);
    const memory c(std::realloc(a.release(), 100));
    EXPECT_EQ(one_more(), 1U);
    const memory d(std::aligned_alloc(64, 128));
    EXPECT_EQ(one_more(), 1U);
    void *aligned = nullptr;
    ASSERT_EQ(posix_memalign(&aligned, 64, 128), 0);
    const memory e(aligned);
    EXPECT_EQ(one_more(), 1U);
    const auto f = std::make_unique<int>(1);
    EXPECT_EQ(one_more(), 1U);
    void *const pages = mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(pages, MAP_FAILED);
    EXPECT_EQ(munmap(pages, 4096), 0);
    EXPECT_EQ(one_more(), 1U);
}

TEST(cases, filter_takes_a_part_of_the_name) {
    EXPECT_EQ(cases("xts(aes)/enc/one-shot/65536").size(), 1U);
    EXPECT_EQ(cases("xts(aes)/enc/one-shot/").size(), 9U);
    EXPECT_TRUE(cases("des").empty());
    EXPECT_EQ(cases("xts(aes)/enc/stream/").size(), 7U) << "two pieces would be two messages";
    EXPECT_EQ(cases("hmac(sha256)/pbkdf2/").size(), 2U);
    EXPECT_EQ(cases("").size(), 201U);
}

} // namespace
} // namespace bench
