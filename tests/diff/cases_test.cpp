// SPDX-License-Identifier: BSD-3-Clause
// What finds differences between names' implementations finds those planted in a driver, makes them small,
// and finds none where there is none.
#include "diff/case_run.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "support/wrong_driver.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace kcapi;
using namespace kcapi::diff;

namespace {

std::unique_ptr<oracle::backend> sound() {
    return oracle::make_seam_backend(local::make_engine(local::linked_modules(), {}));
}

/// An engine of one driver, which is wrong, and which nobody tests.
class wrong_engine {
  public:
    wrong_engine(const char *driver_name, test::fault what) {
        for (const local::module *m : local::linked_modules())
            for (const local::driver &d : m->drivers)
                if (std::string_view(d.driver_name) == driver_name)
                    data_ = {&d, what};
        drivers_.push_back(test::wrong_driver(data_));
        module_.drivers = drivers_;
        backend_ = oracle::make_seam_backend(local::make_engine(
            {&module_},
            {.fips = false, .only = {}, .self_test = [](const local::driver &) noexcept { return true; }}));
    }
    [[nodiscard]] oracle::backend &on() const { return *backend_; }

  private:
    test::wrong_data data_{};
    std::vector<local::driver> drivers_;
    local::module module_{.stamp = local::module_stamp, .name = "wrong", .version = "1", .drivers = {}};
    std::unique_ptr<oracle::backend> backend_;
};

name_report run(oracle::backend &left, oracle::backend &right, const std::string &record, std::size_t cases,
                const kernel_ways &ways = {}) {
    const test::name_record about = test::parse_record(record);
    name_report report;
    for (std::size_t i = 0; i < cases; ++i)
        run_case({left, right, ways}, about, seed_of_case(1, about, i), report);
    return report;
}

constexpr const char *cbc = "skcipher cbc(aes) keys=16,24,32 iv=16 block=16 chunk=16";
constexpr const char *gcm = "aead gcm(aes) keys=16,24,32 iv=12 block=1 tags=4,8,12-16";
constexpr const char *sha256 = "hash sha256 keys=none block=64 digest=32";

} // namespace

TEST(cases, find_a_bit_that_is_wrong_and_make_the_case_small) {
    const struct {
        const char *driver_name;
        test::fault what;
        const char *record;
    } planted[] = {{"cbc-aes-openssl", test::fault::encryption, cbc},
                   {"cbc-aes-openssl", test::fault::decryption, cbc},
                   {"gcm-aes-openssl", test::fault::tag, gcm},
                   {"gcm-aes-openssl", test::fault::any_tag, gcm},
                   {"sha256-openssl", test::fault::digest, sha256}};
    const std::unique_ptr<oracle::backend> right = sound();
    for (const auto &p : planted) {
        SCOPED_TRACE(test::name_of(p.what));
        const wrong_engine wrong(p.driver_name, p.what);
        const name_report report = run(*right, wrong.on(), p.record, 40);
        EXPECT_GT(report.differing, 0U);
        EXPECT_NE(report.example.find("but = "), std::string::npos);
        // open, key, accept, send, recv, of two lines each; one more send where a message is in two; the
        // difference
        EXPECT_LE(std::count(report.example.begin(), report.example.end(), '\n'), 13) << report.example;
    }
}

TEST(cases, find_nothing_between_equals_and_get_output) {
    const std::unique_ptr<oracle::backend> left = sound();
    const std::unique_ptr<oracle::backend> right = sound();
    for (const char *const record :
         {cbc, gcm, sha256, "rng stdrng keys=0-*64 seed=0",
          "aead seqiv(rfc4106(gcm(aes))) keys=20,28,36 iv=8 block=1 tags=8,12,16",
          "aead authenc(hmac(sha1),cbc(aes)) enckeys=16,24,32 iv=16 block=16 tags=1-20"}) {
        const name_report report = run(*left, *right, record, 100);
        EXPECT_EQ(report.differing, 0U) << report.example;
        EXPECT_EQ(report.cases, 100U);
        EXPECT_GT(report.outputs, 80U) << record;
    }
}

TEST(cases, depend_on_nothing_but_the_seed) {
    const test::name_record about = test::parse_record(cbc);
    std::set<std::string> texts;
    for (const std::size_t index : {1U, 2U, 1U}) {
        std::string text;
        const std::unique_ptr<case_source> source =
            make_case_source(seed_of_case(7, about, index), about, {});
        while (const std::optional<case_call> c = source->next())
            text += to_text(c->what) + '\n';
        texts.insert(text);
    }
    EXPECT_EQ(texts.size(), 2U);
}

TEST(cases, go_where_keys_ivs_lengths_and_tags_are_right_and_wrong) {
    const std::unique_ptr<oracle::backend> on = sound();
    const test::name_record about = test::parse_record(gcm);
    std::size_t refused_keys = 0;
    std::size_t opened = 0;
    std::size_t rejected = 0;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < 300; ++i) {
        const std::unique_ptr<case_source> source = make_case_source(seed_of_case(1, about, i), about, {});
        oracle::session run(*on);
        bool decrypts = false;
        while (const std::optional<case_call> c = source->next()) {
            const oracle::outcome o = run.perform(c->what);
            source->observe(c->what, o);
            refused_keys += c->what.what == oracle::verb::key && o.value == -EINVAL;
            if (c->what.head.op)
                decrypts = *c->what.head.op == 0;
            opened += decrypts && c->what.what == oracle::verb::receive && o.value > 0;
            rejected += o.value == -EBADMSG;
            longest = std::max(longest, o.received.size());
        }
    }
    EXPECT_GT(refused_keys, 10U);
    EXPECT_GT(opened, 50U);
    EXPECT_GT(rejected, 50U);
    EXPECT_GT(longest, longest_text);
}

TEST(choices, sizes_are_those_of_the_record) {
    const test::name_record r = test::parse_record("hash x keys=4,8,12-14,20-*22 block=16 digest=none");
    EXPECT_EQ(sizes_of(r, "keys"), (std::vector<std::size_t>{4, 8, 12, 13, 14, 20, 21, 22}));
    EXPECT_EQ(number_of(r, "block"), 16U);
    EXPECT_TRUE(sizes_of(r, "digest").empty());
    EXPECT_TRUE(sizes_of(r, "tags").empty());
}
