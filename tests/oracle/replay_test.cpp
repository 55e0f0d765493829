// SPDX-License-Identifier: BSD-3-Clause
// The local engine answers as the reference kernel did; kernels part from it where differences.toml says so.
#include "oracle/backend.hpp"
#include "oracle/library.hpp"
#include "oracle/runner.hpp"

#include "local/engine.hpp"
#include "local/modules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kcapi::oracle {

namespace {

const std::string folder = KCAPI_ORACLE_DIR;

class replay : public testing::TestWithParam<std::string> {
  protected:
    void SetUp() override {
        const parse_outcome parsed = load_script(GetParam());
        ASSERT_EQ(parsed.error, "");
        script_ = parsed.value;
        const recordings_outcome recorded = load_recordings(folder, script_.name);
        ASSERT_EQ(recorded.error, "");
        recorded_ = recorded.value;
        const difference_list list = load_differences(folder + "/differences.toml");
        ASSERT_EQ(list.error, "");
        differences_ = list.value;
    }

    script script_;
    recordings recorded_;
    std::vector<difference> differences_;
};

TEST_P(replay, local_engine_answers_as_the_reference_kernel) {
    const expectation expected = expected_of_local(script_, recorded_, differences_);
    ASSERT_EQ(expected.error, "");
    const std::unique_ptr<backend> on = make_seam_backend(local::make_engine(local::linked_modules()));
    const std::string report = compare(expected.value, run_script(script_, *on));
    EXPECT_TRUE(report.empty()) << report;
}

TEST_P(replay, kernels_part_from_the_reference_only_where_listed) {
    for (const std::string &kernel : recorded_kernels()) {
        const std::string report = check_kernel(script_, recorded_, kernel, differences_);
        EXPECT_TRUE(report.empty()) << report;
    }
}

TEST_P(replay, recordings_hold_no_unexpected_sleep) {
    for (const auto &[kernel, t] : recorded_)
        for (const entry &e : t.entries)
            EXPECT_EQ(e.result.find(unexpected_sleep), std::string::npos) << kernel << ": " << e.call;
}

INSTANTIATE_TEST_SUITE_P(scripts, replay, testing::ValuesIn(script_files(folder)),
                         [](const auto &file) { return load_script(file.param).value.name; });

TEST(library, differences_name_scripts_and_sides_that_exist) {
    std::set<std::string> scripts;
    for (const std::string &file : script_files(folder))
        scripts.insert(load_script(file).value.name);
    std::set<std::string> sides{"local"};
    sides.insert(recorded_kernels().begin(), recorded_kernels().end());
    const difference_list list = load_differences(folder + "/differences.toml");
    ASSERT_EQ(list.error, "");
    for (const difference &d : list.value) {
        EXPECT_EQ(scripts.count(d.script), 1U) << "differences.toml:" << d.at;
        EXPECT_EQ(sides.count(d.side), 1U) << "differences.toml:" << d.at;
    }
}

} // namespace

} // namespace kcapi::oracle
