// SPDX-License-Identifier: BSD-3-Clause
// The comparer itself: a wrong expectation has to be found, and so has a list of differences that is out of
// date.
#include "oracle/compare.hpp"

#include <gtest/gtest.h>

namespace kcapi::oracle {

namespace {

constexpr std::string_view text = "# script s\n"
                                  "open t skcipher x\n= 0\n"
                                  "key t none\n= -EINVAL\n"
                                  "close t\n= 0\n";

const script &the_script() {
    static const script s = parse_script("open t skcipher x\nkey t none\nclose t\n", "s.script").value;
    return s;
}

transcript with_result(std::size_t step, const std::string &result) {
    transcript t = parse_transcripts(text, "f").value.front();
    for (std::size_t i = 0; i < t.entries.size(); ++i)
        t.entries[i].line = i + 1;
    t.entries[step].result = result;
    return t;
}

transcript plain() { return with_result(0, "0"); }

recordings all_alike() { return {{"6.1", plain()}, {"6.12", plain()}, {"7.3", plain()}}; }

std::vector<difference> listed(const std::string &side, std::vector<std::size_t> lines,
                               const std::string &follows = "", const std::string &result = "") {
    return {{side, "s", std::move(lines), follows, result, "a reason", 1}};
}

TEST(transcript, is_read_as_it_was_written) {
    EXPECT_EQ(to_text(plain()), text);
    const transcript_outcome two = parse_transcripts(std::string(text) + std::string(text), "f");
    EXPECT_EQ(two.error, "");
    EXPECT_EQ(two.value.size(), 2U);
}

TEST(transcript, names_file_and_line_of_a_mistake) {
    EXPECT_EQ(parse_transcripts("", "f").error, "f:1: there is no transcript");
    EXPECT_EQ(parse_transcripts("close t\n= 0\n", "f").error, "f:1: no script is named");
    EXPECT_EQ(parse_transcripts("# script s\n= 0\n", "f").error, "f:2: a result has no call");
    EXPECT_EQ(parse_transcripts("# script s\nclose t\nclose t\n= 0\n", "f").error,
              "f:3: a call has no result");
    EXPECT_EQ(parse_transcripts("# script s\nclose t", "f").error, "f:2: the last call has no result");
}

TEST(compare, finds_nothing_where_nothing_is) { EXPECT_EQ(compare(plain(), plain()), ""); }

TEST(compare, finds_a_planted_wrong_result_and_prints_both_sides) {
    const std::string report = compare(with_result(1, "-ENOKEY"), plain());
    EXPECT_NE(report.find("step 2, line 2: key t none"), std::string::npos) << report;
    EXPECT_NE(report.find("before:   open t skcipher x  = 0"), std::string::npos) << report;
    EXPECT_NE(report.find("expected: -ENOKEY"), std::string::npos) << report;
    EXPECT_NE(report.find("actual:   -EINVAL"), std::string::npos) << report;
}

TEST(compare, finds_a_step_too_few_and_another_call) {
    transcript fewer = plain();
    fewer.entries.pop_back();
    EXPECT_NE(compare(plain(), fewer), "");
    EXPECT_NE(compare(fewer, plain()), "");
    transcript other = plain();
    other.entries[0].call = "open t skcipher y";
    EXPECT_NE(compare(other, plain()).find("record again"), std::string::npos);
}

TEST(local, has_to_give_the_reference) {
    recordings r = all_alike();
    r["6.12"] = with_result(1, "0");
    const expectation e = expected_of_local(the_script(), r, {});
    EXPECT_EQ(e.error, "");
    EXPECT_EQ(compare(e.value, with_result(1, "0")), "");
    EXPECT_NE(compare(e.value, plain()), "");
}

TEST(local, follows_another_kernel_where_listed) {
    recordings r = all_alike();
    r["7.3"] = with_result(1, "0");
    const expectation e = expected_of_local(the_script(), r, listed("local", {2}, "7.3"));
    EXPECT_EQ(e.error, "");
    EXPECT_EQ(compare(e.value, with_result(1, "0")), "");
    EXPECT_NE(compare(e.value, plain()), "");
}

TEST(local, has_a_result_of_its_own_where_listed) {
    const expectation e = expected_of_local(the_script(), all_alike(), listed("local", {3}, "", "5"));
    EXPECT_EQ(e.error, "");
    EXPECT_EQ(compare(e.value, with_result(2, "5")), "");
}

TEST(local, refuses_a_list_that_changes_nothing) {
    EXPECT_NE(expected_of_local(the_script(), all_alike(), listed("local", {2}, "7.3")).error, "");
    EXPECT_NE(expected_of_local(the_script(), all_alike(), listed("local", {3}, "", "0")).error, "");
    EXPECT_NE(expected_of_local(the_script(), all_alike(), listed("local", {9}, "", "1")).error, "");
    EXPECT_NE(expected_of_local(the_script(), all_alike(), listed("local", {1, 3}, "", "1")).error, "");
}

TEST(local, refuses_recordings_of_another_script) {
    recordings r = all_alike();
    r["6.12"].entries[0].call = "open t skcipher y";
    EXPECT_NE(expected_of_local(the_script(), r, {}).error, "");
    r["6.12"].entries.pop_back();
    EXPECT_NE(expected_of_local(the_script(), r, {}).error, "");
    r.erase("6.12");
    EXPECT_NE(expected_of_local(the_script(), r, {}).error, "");
}

TEST(kernel, may_part_from_the_reference_where_listed_only) {
    recordings r = all_alike();
    EXPECT_EQ(check_kernel(the_script(), r, "6.1", {}), "");
    r["6.1"] = with_result(1, "0");
    EXPECT_NE(check_kernel(the_script(), r, "6.1", {}), "");
    EXPECT_EQ(check_kernel(the_script(), r, "6.1", listed("6.1", {2})), "");
    EXPECT_NE(check_kernel(the_script(), r, "6.1", listed("7.3", {2})), "");
    EXPECT_NE(check_kernel(the_script(), r, "6.1", listed("6.1", {2, 3})), "");
}

TEST(guest, may_answer_as_another_kernel_where_kernels_differ) {
    recordings r = all_alike();
    r["6.1"] = with_result(1, "0");
    const std::vector<difference> list = listed("6.1", {2});
    EXPECT_EQ(check_guest(the_script(), r, "6.1", list, with_result(1, "0")), "");
    EXPECT_EQ(check_guest(the_script(), r, "6.1", list, plain()), "");
    EXPECT_NE(check_guest(the_script(), r, "6.1", list, with_result(1, "-ENOMEM")), "");
    EXPECT_NE(check_guest(the_script(), r, "6.1", list, with_result(0, "-ENOMEM")), "");
    EXPECT_NE(check_guest(the_script(), r, "6.1", {}, plain()), "");
}

TEST(differences, are_read) {
    const difference_list list =
        parse_differences("# why\n[[difference]]\nside = \"local\"\nscript = \"s\"\n"
                          "lines = [1, 22]\nfollows = \"7.3\"\nreason = \"so it is\"\n",
                          "d.toml");
    ASSERT_EQ(list.error, "");
    ASSERT_EQ(list.value.size(), 1U);
    EXPECT_EQ(list.value[0].lines, (std::vector<std::size_t>{1, 22}));
    EXPECT_EQ(list.value[0].follows, "7.3");
    EXPECT_EQ(list.value[0].reason, "so it is");
    EXPECT_EQ(list.value[0].at, 2U);
}

TEST(differences, name_file_and_line_of_a_mistake) {
    const std::string head = "[[difference]]\nside = \"6.1\"\nscript = \"s\"\n";
    const std::string lines = "lines = [1]\n";
    const std::string reason = "reason = \"r\"\n";
    EXPECT_EQ(parse_differences(head + lines + reason, "d").error, "");
    for (const std::string &wrong :
         {std::string("side = \"x\"\n"), head + lines, head + reason, head + "lines = []\n" + reason,
          head + "lines = [0]\n" + reason, head + "lines = 1\n" + reason, head + "lines = [1\n" + reason,
          head + lines + "reason = r\n", head + lines + reason + "follows = \"7.3\"\n",
          head + lines + reason + "x\n", head + lines + reason + "unknown = \"1\"\n",
          head + lines + reason + reason,
          "[[difference]]\nside = \"local\"\nscript = \"s\"\n" + lines + reason})
        EXPECT_EQ(parse_differences(wrong, "d").error.substr(0, 2), "d:") << wrong;
}

} // namespace

} // namespace kcapi::oracle
