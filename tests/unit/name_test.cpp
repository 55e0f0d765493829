// SPDX-License-Identifier: BSD-3-Clause
#include "alg/engine.hpp"
#include "alg/name.hpp"

#include <gtest/gtest.h>

using namespace kcapi::alg;

TEST(name_test, names_survive_a_round_trip) {
    for (const char *text :
         {"aes", "cbc(aes)", "rfc4106(gcm(aes))", "authenc(hmac(sha256),cbc(aes))", "cbc-aes-aesni",
          "essiv(authenc(hmac(sha256),cbc(aes)),sha256)", "drbg_nopr_ctr_aes256"}) {
        const std::optional<name> n = parse_name(text);
        ASSERT_TRUE(n) << text;
        EXPECT_EQ(n->text(), text);
    }
}

TEST(name_test, parts_are_told_apart) {
    const std::optional<name> n = parse_name("authenc(hmac(sha256),cbc(aes))");
    ASSERT_TRUE(n);
    EXPECT_EQ(n->base, "authenc");
    ASSERT_EQ(n->arguments.size(), 2U);
    EXPECT_EQ(n->arguments[0].text(), "hmac(sha256)");
    EXPECT_EQ(n->arguments[1].arguments.at(0).base, "aes");
    EXPECT_FALSE(n->arguments[1].arguments[0].is_template());
}

TEST(name_test, what_is_no_name_is_refused) {
    for (const char *text :
         {"", "(", "()", "(aes)", "cbc(", "cbc()", "cbc(aes", "cbc(aes))", "cbc(aes)x", "cbc(aes) ",
          " cbc(aes)", "cbc( aes)", "cbc(aes,)", "cbc(,aes)", "cbc(aes)(aes)", "a b", "cb\xc3(aes)"})
        EXPECT_FALSE(parse_name(text)) << text;
    EXPECT_FALSE(parse_name(std::string_view("aes\0", 4)));
    EXPECT_TRUE(parse_name(std::string(127, 'a')));
    EXPECT_FALSE(parse_name(std::string(128, 'a')));
}

TEST(name_test, leading_template_is_found_only_before_rubbish) {
    EXPECT_EQ(leading_template("cbc(aes)x")->text(), "cbc(aes)");
    EXPECT_EQ(leading_template("cbc(aes))")->text(), "cbc(aes)");
    EXPECT_EQ(leading_template("cbc(aes) ")->text(), "cbc(aes)");
    EXPECT_FALSE(leading_template("cbc(aes)"));
    EXPECT_FALSE(leading_template("aes "));
    EXPECT_FALSE(leading_template("cbc(aes"));
}

TEST(name_test, outer_template_is_seen_whatever_is_inside) {
    EXPECT_EQ(outer_template("cbc(aes)"), "cbc");
    EXPECT_EQ(outer_template("cbc(cbc())"), "cbc");
    EXPECT_EQ(outer_template("a-b_1(x( ,),y,(z))"), "a-b_1");
    for (const char *text :
         {"", "cbc", "cbc()", "cbc(", "cbc(aes", "cbc(aes))", "cbc(aes)x", "(aes)", "cbc)aes(", "cbc((aes)",
          " cbc(aes)", ")", ")))", "cbc(,)", "cbc(aes,)", "cbc( aes)", "cbc(ecb(aes)x)", "cbc(aes,,b)"})
        EXPECT_EQ(outer_template(text), "") << text;
}

TEST(kind_test, names_are_those_of_af_alg) {
    for (const kind k : {kind::skcipher, kind::aead, kind::hash, kind::rng, kind::akcipher, kind::kpp})
        EXPECT_EQ(kind_from_name(kind_name(k)), k);
    for (const char *text : {"", "SKCIPHER", "skcipher ", "ablkcipher", "cipher"})
        EXPECT_FALSE(kind_from_name(text)) << text;
}
