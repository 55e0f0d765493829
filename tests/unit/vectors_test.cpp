// SPDX-License-Identifier: BSD-3-Clause
#include "support/vectors.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>

using namespace kcapi::test;

namespace {

using bytes = std::vector<std::uint8_t>;

std::size_t read(const std::string &text, const std::function<void(record &)> &body) {
    std::istringstream in(text);
    return for_each_record(in, "file.vec", body);
}

/// The message of the vector_error that reading ends with; empty if it does not.
std::string failure(const std::string &text, const std::function<void(record &)> &body) {
    try {
        (void)read(text, body);
    } catch (const vector_error &e) {
        return e.what();
    }
    return {};
}

void read_key(record &r) { (void)r.bytes("Key"); }
void nothing(record &) {}

} // namespace

TEST(vectors, a_record_ends_at_a_blank_line_and_at_the_end_of_the_file) {
    std::vector<bytes> keys;
    EXPECT_EQ(3U, read("Key = 00\n\n\nKey = 0aFF\n   \nKey =\n",
                       [&](record &r) { keys.push_back(r.bytes("Key")); }));
    EXPECT_EQ((std::vector<bytes>{{0x00}, {0x0a, 0xff}, {}}), keys);
}

TEST(vectors, the_last_line_needs_no_newline_and_lines_may_end_in_crlf) {
    EXPECT_EQ(2U, read("Key = 00\r\n\r\nKey = 01", read_key));
}

TEST(vectors, comments_are_passed_over_and_do_not_end_a_record) {
    std::size_t line = 0;
    EXPECT_EQ(1U, read("# first\n\nKey = 00\n# between\nNumber = 12\n", [&](record &r) {
                  read_key(r);
                  line = r.number("Number");
                  EXPECT_EQ("file.vec:3", r.where());
              }));
    EXPECT_EQ(12U, line);
}

TEST(vectors, spaces_around_names_and_values_do_not_count) {
    EXPECT_EQ(1U,
              read("  Some name\t=  a = b  \n", [](record &r) { EXPECT_EQ("a = b", r.text("Some name")); }));
}

TEST(vectors, a_group_in_brackets_is_inherited_until_the_next_one) {
    std::vector<std::string> seen;
    const std::string text =
        "[Origin = one]\n[ENCRYPT]\n\nKey = 00\n\nKey = 01\n\n[Origin = two]\nKey = 02\n";
    EXPECT_EQ(3U, read(text, [&](record &r) {
                  read_key(r);
                  seen.push_back(r.text("Origin") + (r.flag("ENCRYPT") ? " encrypt" : ""));
              }));
    EXPECT_EQ((std::vector<std::string>{"one encrypt", "one encrypt", "two"}), seen);
}

TEST(vectors, a_word_alone_is_a_flag) {
    EXPECT_EQ(1U, read("Key = 00\nFAIL\n", [](record &r) {
                  read_key(r);
                  EXPECT_TRUE(r.has("FAIL"));
                  EXPECT_TRUE(r.flag("FAIL"));
                  EXPECT_FALSE(r.flag("PASS"));
              }));
}

TEST(vectors, an_attribute_that_nobody_read_is_an_error_at_its_line) {
    EXPECT_EQ("file.vec:3: Tag was read by nobody", failure("\nKey = 00\nTag = 01\n", read_key));
    EXPECT_EQ("file.vec:1: Key was read by nobody", failure("Key = 00\n", nothing));
}

TEST(vectors, asking_whether_an_attribute_is_there_is_not_reading_it) {
    EXPECT_EQ("file.vec:1: Key was read by nobody",
              failure("Key = 00\n", [](record &r) { EXPECT_TRUE(r.has("Key")); }));
}

TEST(vectors, an_inherited_attribute_must_be_read_by_every_record) {
    bool first = true;
    EXPECT_EQ("file.vec:1: Origin was read by nobody",
              failure("[Origin = here]\nKey = 00\n\nKey = 01\n", [&](record &r) {
                  read_key(r);
                  if (std::exchange(first, false))
                      r.ignore("Origin");
              }));
}

TEST(vectors, a_missing_attribute_is_an_error_at_the_record) {
    EXPECT_EQ("file.vec:2: no attribute Key", failure("\nIV = 00\n", read_key));
}

TEST(vectors, bad_hexadecimal_is_an_error_at_its_line) {
    EXPECT_EQ("file.vec:1: Key: odd number of digits", failure("Key = 012\n", read_key));
    EXPECT_EQ("file.vec:1: Key: not a hexadecimal digit: 'g'", failure("Key = 0g\n", read_key));
    EXPECT_EQ("file.vec:1: Key: not a hexadecimal digit: ' '", failure("Key = 00 1\n", read_key));
    EXPECT_EQ("file.vec:1: Key: not a hexadecimal digit: 'x'", failure("Key = 0x00\n", read_key));
}

TEST(vectors, bad_numbers_are_errors) {
    const auto number = [](record &r) { (void)r.number("N"); };
    for (const char *const text :
         {"N =\n", "N = -1\n", "N = 1x\n", "N = 18446744073709551616\n", "N = 0x10\n"})
        EXPECT_EQ("file.vec:1: N: not a number", failure(text, number)) << text;
    EXPECT_EQ(1U, read("N = 18446744073709551615\n", number));
}

TEST(vectors, a_flag_with_a_value_is_an_error) {
    EXPECT_EQ("file.vec:1: FAIL has a value", failure("FAIL = 1\n", [](record &r) { (void)r.flag("FAIL"); }));
}

TEST(vectors, malformed_lines_are_errors) {
    EXPECT_EQ("file.vec:1: bracket not closed", failure("[Origin = x\nKey = 00\n", read_key));
    EXPECT_EQ("file.vec:1: no name before the sign", failure("= 00\n", read_key));
    EXPECT_EQ("file.vec:1: no name before the sign", failure("[]\nKey = 00\n", read_key));
    EXPECT_EQ("file.vec:2: Key stands twice", failure("Key = 00\nKey = 01\n", read_key));
    EXPECT_EQ("file.vec:2: A stands twice", failure("[A = 1]\n[A = 2]\nKey = 00\n", read_key));
    EXPECT_EQ("file.vec:2: Key is inherited already", failure("[Key = 00]\nKey = 01\n", read_key));
}

TEST(vectors, a_file_that_tests_nothing_is_an_error) {
    EXPECT_EQ("file.vec:0: no records", failure("", nothing));
    EXPECT_EQ("file.vec:2: no records", failure("# nothing\n\n", nothing));
    EXPECT_EQ("file.vec:3: attributes in brackets without a record after them",
              failure("Key = 00\n\n[Origin = x]\n", read_key));
}

TEST(vectors, a_file_that_is_not_there_is_an_error) {
    EXPECT_THROW((void)for_each_record("/nonexistent/x.vec", nothing), vector_error);
}

TEST(vectors, hexadecimal_text_goes_both_ways) {
    const bytes all{0x00, 0x01, 0x7f, 0x80, 0xab, 0xff};
    EXPECT_EQ("00017f80abff", to_hex(all.data(), all.size()));
    EXPECT_EQ(all, from_hex("00017f80abff"));
    EXPECT_EQ(all, from_hex("00017F80ABFF"));
    EXPECT_TRUE(from_hex("").empty());
}
