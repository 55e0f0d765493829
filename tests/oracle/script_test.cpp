// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/library.hpp"
#include "oracle/script.hpp"

#include <gtest/gtest.h>

namespace kcapi::oracle {

namespace {

std::string error_of(std::string_view text) { return parse_script(text, "s.script").error; }

std::vector<std::string> steps_of(std::string_view text) {
    const parse_outcome parsed = parse_script(text, "s.script");
    EXPECT_EQ(parsed.error, "");
    std::vector<std::string> out;
    for (const step &s : parsed.value.steps)
        out.push_back(to_text(s));
    return out;
}

using texts = std::vector<std::string>;

TEST(pattern, computes_what_the_formulas_say) {
    EXPECT_EQ(pattern::parse("K:0:4")->bytes(), (std::vector<std::uint8_t>{1, 8, 15, 22}));
    EXPECT_EQ(pattern::parse("I:15:2")->bytes(), (std::vector<std::uint8_t>{0xaf, 0xb0}));
    EXPECT_EQ(pattern::parse("M:255:3")->bytes(), (std::vector<std::uint8_t>{0xe1, 0x01, 0x20}));
    // The first numbers of SplitMix64 from its number of 0, which is 0.
    EXPECT_EQ(pattern::parse("R:0:10")->bytes(),
              (std::vector<std::uint8_t>{0xaf, 0xcd, 0x1d, 0x7b, 0x39, 0xa8, 0x20, 0xe2, 0xf4, 0x65}));
    EXPECT_NE(pattern::parse("R:1:8")->bytes(), pattern::parse("R:2:8")->bytes());
    EXPECT_EQ(pattern::parse("fill:5a:2")->bytes(), (std::vector<std::uint8_t>{0x5a, 0x5a}));
    EXPECT_EQ(pattern::parse("00ff")->bytes(), (std::vector<std::uint8_t>{0, 0xff}));
    EXPECT_EQ(pattern::parse("none")->size(), 0U);
    EXPECT_EQ(pattern::parse("M:0:100-17+1")->size(), 84U);
    EXPECT_TRUE(pattern::parse("null:16")->is_null());
}

TEST(pattern, refuses_what_is_none) {
    for (const char *text : {"", "K", "K:1", "K:1:", "K::1", "L:0:1", "0", "0g", "FF", "fill:5:1",
                             "fill:xx:1", "M:0:-1", "M:0:9-10", "M:0:99999999", "M:0:1x", "null:", "none:"})
        EXPECT_FALSE(pattern::parse(text)) << text;
}

TEST(script, knows_every_call) {
    const texts lines{"open t skcipher \"cbc(aes) \"",
                      "key t K:0:16",
                      "tag t 12",
                      "accept o t",
                      "send o op=enc iv=I:0:16 assoc=5 more nowait data=M:0:3,none,null:4",
                      "send o op=7 iv=none",
                      "send o",
                      "start r recv o 1,16x3,null:2",
                      "interrupt r",
                      "start s send o data=00ff",
                      "join r s",
                      "alarm recv o 16 nowait",
                      "poll o",
                      "sndbuf o -1",
                      "rcvbuf o 4096",
                      "close o",
                      "close t"};
    std::string text;
    for (const std::string &l : lines)
        text += l + '\n';
    EXPECT_EQ(steps_of(text), lines);
}

TEST(script, unrolls_loops) {
    EXPECT_EQ(steps_of("open t skcipher x\naccept o t\n"
                       "for n 1 20\nfor m 3 \"4\"  # comment\nrecv o $n+$m\nend\nend\n"),
              (texts{"open t skcipher x", "accept o t", "recv o 4", "recv o 5", "recv o 23", "recv o 24"}));
}

TEST(script, keeps_the_line_of_each_step) {
    const parse_outcome parsed = parse_script("# nothing\n\nopen t rng x\nfor n 1 2\nkey t none\nend\n", "f");
    ASSERT_EQ(parsed.value.steps.size(), 3U);
    EXPECT_EQ(parsed.value.steps[0].line, 3U);
    EXPECT_EQ(parsed.value.steps[2].line, 5U);
}

TEST(script, names_file_and_line_of_a_mistake) {
    EXPECT_EQ(error_of("open t skcipher x\nbroken t\n"), "s.script:2: unknown call broken");
    EXPECT_EQ(error_of("# a\nrecv o 1\n"), "s.script:2: o is no accepted operation");
    EXPECT_EQ(load_script("/nonexistent.script").error, "/nonexistent.script:1: cannot be read");
}

TEST(script, that_calls_nothing_is_a_mistake) {
    for (const char *text : {"", "\n\n", "# nothing here\n"})
        EXPECT_EQ(error_of(text), "s.script:1: the script calls nothing") << text;
}

TEST(script, refuses_what_cannot_be_run) {
    const std::string head = "open t skcipher x\naccept o t\n";
    for (const char *text : {"open t skcipher x",
                             "accept o t",
                             "accept p q",
                             "accept p q",
                             "open o skcipher x",
                             "open u skcipher",
                             "open u skcipher x y",
                             "open u \"\" x",
                             "open $ skcipher x",
                             "key t",
                             "tag t",
                             "tag t x",
                             "tag t 70000",
                             "tag o 16",
                             "key o none",
                             "key t K:1",
                             "send t",
                             "send o what",
                             "send o op=x",
                             "send o iv=q",
                             "send o assoc=-1",
                             "send o data=",
                             "send o data=M:0",
                             "recv o",
                             "recv o -1",
                             "recv o 1,",
                             "recv o 1x0",
                             "recv o 1x",
                             "recv o 1 wait",
                             "recv o 1 nowait x",
                             "poll",
                             "poll t",
                             "poll o o",
                             "sndbuf o",
                             "sndbuf o x",
                             "sndbuf t 1",
                             "close",
                             "close x",
                             "close o o",
                             "start r",
                             "start r poll o",
                             "start r recv o 1",
                             "alarm poll o",
                             "alarm",
                             "join r",
                             "join",
                             "interrupt r",
                             "interrupt",
                             "for",
                             "for n",
                             "for n 1",
                             "for n 1\nend",
                             "end",
                             "recv o $n",
                             "recv o \"1"})
        EXPECT_NE(error_of(head + text + '\n'), "") << text;
}

TEST(script, refuses_to_start_a_thread_twice) {
    EXPECT_NE(error_of("open t skcipher x\naccept o t\nstart r recv o 1\nstart r recv o 1\njoin r\n"), "");
    EXPECT_EQ(error_of("open t skcipher x\naccept o t\nstart r recv o 1\njoin r\nstart r recv o 1\njoin r\n"),
              "");
}

TEST(script, text_of_every_script_here_parses_to_itself) {
    const std::vector<std::string> files = script_files(KCAPI_ORACLE_DIR);
    ASSERT_GT(files.size(), 10U);
    for (const std::string &file : files) {
        const parse_outcome parsed = load_script(file);
        ASSERT_EQ(parsed.error, "");
        std::string text;
        for (const step &s : parsed.value.steps)
            text += to_text(s) + '\n';
        const parse_outcome again = parse_script(text, file);
        ASSERT_EQ(again.error, "");
        ASSERT_EQ(again.value.steps.size(), parsed.value.steps.size());
        for (std::size_t i = 0; i < again.value.steps.size(); ++i)
            EXPECT_EQ(to_text(again.value.steps[i]), to_text(parsed.value.steps[i]));
    }
}

} // namespace

} // namespace kcapi::oracle
