// SPDX-License-Identifier: BSD-3-Clause
//
// A driver that is best at some work, joined with one for the rest: who gets what, and that it makes no
// difference.
#include "local/registry.hpp"

#include "support/toy_driver.hpp"

#include <gtest/gtest.h>

#include <list>
#include <map>
#include <random>
#include <vector>

using namespace kcapi;
using namespace kcapi::local;
using namespace kcapi::test;

namespace {

using octets = std::vector<std::uint8_t>;

/// What one of the two did, and what it is told to do.
struct worker {
    std::size_t passes = 0;
    std::size_t batches = 0;
    std::size_t keys = 0;
    bool refuses_keys = false;
    bool has_memory = true;
};

worker special;
worker general;

class counted_context final : public skcipher_context {
  public:
    counted_context(worker &who, std::uint8_t key) noexcept : who_(who), toy_(key, false) {}
    int crypt(direction d, chain &c, const std::uint8_t *in, std::uint8_t *out,
              std::size_t length) noexcept override {
        ++who_.passes;
        return toy_.crypt(d, c, in, out, length);
    }
    void crypt_batch(direction d, std::span<skcipher_message> messages) noexcept override {
        ++who_.batches;
        for (skcipher_message &m : messages)
            m.code = toy_.crypt(d, *m.c, m.in, m.out, m.length);
    }

  private:
    worker &who_;
    toy_context toy_;
};

class counted_key final : public skcipher_key {
  public:
    counted_key(worker &who, std::uint8_t key) noexcept : who_(who), key_(key) {}
    std::unique_ptr<skcipher_context> open() const noexcept override {
        return who_.has_memory ? std::make_unique<counted_context>(who_, key_) : nullptr;
    }

  private:
    worker &who_;
    const std::uint8_t key_;
};

int make_counted(const driver &self, base::bytes key, std::unique_ptr<skcipher_key> &out) noexcept {
    worker &who = std::string_view(self.provider) == "special" ? special : general;
    ++who.keys;
    if (who.refuses_keys)
        return EINVAL;
    out = std::make_unique<counted_key>(who, key[0]);
    return 0;
}

driver counted(const char *driver_name, const char *provider, int priority, domain best) {
    driver d = toy_driver("mode(toy)", driver_name, priority);
    d.provider = provider;
    d.best = best;
    d.make_skcipher = make_counted;
    return d;
}

constexpr domain long_decryption{.min_length = 64, .encrypts = false, .min_batch = 2};

bool accept_all(const driver &) noexcept { return true; }
bool refuse_bad(const driver &d) noexcept {
    return std::string_view(d.driver_name).find("bad") == std::string_view::npos;
}

class combined : public testing::Test {
  protected:
    void SetUp() override { special = general = {}; }

    registry &make(std::vector<driver> drivers, bool (*self_test)(const driver &) noexcept = accept_all,
                   std::string only = {}) {
        drivers_ = std::move(drivers);
        module_.drivers = drivers_;
        registry_.emplace(std::vector<const module *>{&module_},
                          registry_options{.fips = false, .only = std::move(only), .self_test = self_test});
        return *registry_;
    }
    const driver &joined(domain best = long_decryption) {
        return **make({counted("mode-special", "special", 500, best),
                       counted("mode-general", "general", 400, {})})
                     .find(driver_kind::skcipher, "mode(toy)");
    }
    std::string found(const char *text = "mode(toy)") {
        const result<const driver *> d = registry_->find(driver_kind::skcipher, text);
        return d ? (*d)->driver_name : ::strerrorname_np(d.error().code);
    }
    std::unique_ptr<skcipher_context> open(const driver &d) {
        EXPECT_EQ(d.make_skcipher(d, octets{7, 7}, keys_.emplace_back()), 0);
        return keys_.back()->open();
    }

    std::list<std::unique_ptr<skcipher_key>> keys_;
    std::vector<driver> drivers_;
    module module_{.stamp = module_stamp, .name = "toy", .version = "1", .drivers = {}};
    std::optional<registry> registry_;
};

octets some(std::size_t size, std::mt19937 &random) {
    octets v(size);
    for (std::uint8_t &b : v)
        b = static_cast<std::uint8_t>(random());
    return v;
}

} // namespace

TEST(domain, says_what_is_in_it) {
    EXPECT_TRUE(domain{}.is_whole());
    EXPECT_FALSE(domain{.min_length = 1}.is_whole());
    EXPECT_FALSE(domain{.encrypts = false}.is_whole());
    EXPECT_TRUE(long_decryption.has(direction::decrypt, 64));
    EXPECT_FALSE(long_decryption.has(direction::decrypt, 63));
    EXPECT_FALSE(long_decryption.has(direction::encrypt, 64));
    EXPECT_TRUE(domain{.min_length = 64}.has(direction::encrypt, 64));
    EXPECT_FALSE(domain{}.has_batch_of(1000, 1000));
    constexpr domain batches{.min_batch = 3, .min_batch_bytes = 4096};
    EXPECT_TRUE(batches.has_batch_of(3, 4096));
    EXPECT_FALSE(batches.has_batch_of(2, 4096));
    EXPECT_FALSE(batches.has_batch_of(3, 4095));
}

TEST_F(combined, work_goes_to_whom_the_record_names) {
    const std::unique_ptr<skcipher_context> context = open(joined());
    octets data(256);
    chain c;
    EXPECT_EQ(context->crypt(direction::decrypt, c, data.data(), data.data(), 64), 0);
    EXPECT_EQ(special.passes, 1U);
    EXPECT_EQ(context->crypt(direction::decrypt, c, data.data(), data.data(), 48), 0);
    EXPECT_EQ(context->crypt(direction::encrypt, c, data.data(), data.data(), 256), 0);
    EXPECT_EQ(special.passes, 1U);
    EXPECT_EQ(general.passes, 2U);
    EXPECT_EQ(context->crypt(direction::encrypt, c, data.data(), data.data(), 8), EINVAL);
}

TEST_F(combined, batches_go_to_the_first_only_if_it_is_best_at_them) {
    std::array<chain, 3> chains;
    std::array<octets, 3> data{octets(16), octets(160), octets(32)};
    const auto run = [&](skcipher_context &context) {
        std::array<skcipher_message, 3> messages;
        for (std::size_t i = 0; i < 3; ++i)
            messages[i] = {&chains[i], data[i].data(), data[i].data(), data[i].size(), -1};
        context.crypt_batch(direction::encrypt, messages);
        for (const skcipher_message &m : messages)
            EXPECT_EQ(m.code, 0);
    };
    run(*open(joined()));
    EXPECT_EQ(special.batches, 1U);
    EXPECT_EQ(general.batches + general.passes, 0U);
    run(*open(joined({.min_length = 64})));
    EXPECT_EQ(special.batches, 1U);
    EXPECT_EQ(special.passes, 1U);
    EXPECT_EQ(general.passes, 2U);
    run(*open(joined({.min_length = 64, .min_batch = 2, .min_batch_bytes = 16 + 160 + 32 + 1})));
    EXPECT_EQ(special.batches, 1U) << "too few bytes in all";
    run(*open(joined({.min_length = 64, .min_batch = 2, .min_batch_bytes = 16 + 160 + 32})));
    EXPECT_EQ(special.batches, 2U);
}

TEST_F(combined, takes_turns_within_a_message_and_the_chain_goes_on) {
    const std::unique_ptr<skcipher_context> context = open(joined());
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        const direction d = round % 2 == 0 ? direction::decrypt : direction::encrypt;
        const octets in = some(16 * (random() % 40), random);
        const octets iv = some(16, random);
        octets expected(in.size());
        octets got(in.size());
        toy_context alone(7, false);
        chain one;
        chain two;
        one.set(iv);
        two.set(iv);
        EXPECT_EQ(alone.crypt(d, one, in.data(), expected.data(), in.size()), 0);
        for (std::size_t done = 0; done < in.size();) {
            const std::size_t n = std::min<std::size_t>(16 * (1 + random() % 8), in.size() - done);
            EXPECT_EQ(context->crypt(d, two, in.data() + done, got.data() + done, n), 0);
            done += n;
        }
        EXPECT_EQ(got, expected);
        EXPECT_EQ(one.iv, two.iv);
    }
    EXPECT_GT(special.passes, 100U);
    EXPECT_GT(general.passes, 100U);
}

TEST_F(combined, want_of_memory_is_enomem_for_its_side_alone_and_passes) {
    const std::unique_ptr<skcipher_context> context = open(joined());
    octets data(64);
    chain c;
    special.has_memory = false;
    EXPECT_EQ(context->crypt(direction::decrypt, c, data.data(), data.data(), 64), ENOMEM);
    std::array<skcipher_message, 2> messages{skcipher_message{&c, data.data(), data.data(), 16, 0},
                                             skcipher_message{&c, data.data(), data.data(), 16, 0}};
    context->crypt_batch(direction::encrypt, messages);
    EXPECT_EQ(messages[0].code, ENOMEM);
    EXPECT_EQ(messages[1].code, ENOMEM);
    EXPECT_EQ(context->crypt(direction::decrypt, c, data.data(), data.data(), 16), 0);
    special.has_memory = true;
    EXPECT_EQ(context->crypt(direction::decrypt, c, data.data(), data.data(), 64), 0);
}

TEST_F(combined, key_that_either_refuses_is_refused) {
    const driver &d = joined();
    std::unique_ptr<skcipher_key> key;
    for (worker *const who : {&special, &general}) {
        who->refuses_keys = true;
        EXPECT_EQ(d.make_skcipher(d, octets{7, 7}, key), EINVAL);
        who->refuses_keys = false;
    }
    EXPECT_EQ(d.make_skcipher(d, octets{7, 7}, key), 0);
}

TEST_F(combined, registry_joins_with_the_next_whole_driver_that_passes_its_self_test) {
    registry &r =
        make({counted("mode-special", "special", 500, long_decryption),
              counted("mode-half", "half", 450, {.min_length = 5}), counted("mode-bad", "bad", 420, {}),
              counted("mode-general", "general", 400, {}), counted("mode-slow", "slow", 100, {})},
             refuse_bad);
    EXPECT_EQ(found(), "mode-special+general");
    const result<const driver *> d = r.find(driver_kind::skcipher, "mode(toy)");
    ASSERT_TRUE(d);
    EXPECT_STREQ((*d)->name, "mode(toy)");
    EXPECT_STREQ((*d)->provider, "special+general");
    EXPECT_EQ((*d)->sizes.max_key_size, 8U);
    EXPECT_EQ(*d, *r.find(driver_kind::skcipher, "mode(toy)")) << "it is made once";
    EXPECT_EQ(*d, *r.find(driver_kind::skcipher, "mode-special+general"));
    EXPECT_EQ(found("mode-special"), "mode-special") << "a driver's name means that driver";
    std::map<std::string, alg::self_test> states;
    r.visit([&](const driver &each, alg::self_test s) { states[each.driver_name] = s; });
    EXPECT_EQ(states.size(), 6U);
    EXPECT_EQ(states.at("mode-special+general"), alg::self_test::passed);
    EXPECT_EQ(states.at("mode-bad"), alg::self_test::failed);
}

TEST_F(combined, without_another_driver_the_first_serves_alone) {
    make({counted("mode-special", "special", 500, long_decryption)});
    EXPECT_EQ(found(), "mode-special");
    make({counted("mode-special", "special", 500, long_decryption), counted("mode-bad", "bad", 400, {})},
         refuse_bad);
    EXPECT_EQ(found(), "mode-special");
}

TEST_F(combined, driver_for_all_work_is_joined_with_nobody) {
    make({counted("mode-general", "general", 500, {}),
          counted("mode-special", "special", 400, long_decryption)});
    EXPECT_EQ(found(), "mode-general");
}

TEST_F(combined, forced_driver_or_library_is_joined_with_no_other) {
    const std::vector<driver> both{counted("mode-special", "special", 500, long_decryption),
                                   counted("mode-general", "general", 400, {})};
    make(both, accept_all, "special");
    EXPECT_EQ(found(), "mode-special");
    make(both, accept_all, "mode-special");
    EXPECT_EQ(found(), "mode-special");
    make(both, accept_all, "mode-general");
    EXPECT_EQ(found(), "mode-general");
}
