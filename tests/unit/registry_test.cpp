// SPDX-License-Identifier: BSD-3-Clause
#include "local/registry.hpp"

#include "support/toy_driver.hpp"

#include <gtest/gtest.h>

#include <map>

using namespace kcapi;
using namespace kcapi::local;
using kcapi::test::toy_driver;

namespace {

/// A bare cipher that templates can be built on; never run here.
driver bare(const char *name, const char *driver_name, int priority) {
    driver d;
    d.type = driver_kind::cipher;
    d.name = name;
    d.driver_name = driver_name;
    d.provider = "toy";
    d.priority = priority;
    d.sizes = {.block_size = 16, .chunk_size = 16, .iv_size = 0, .min_key_size = 16, .max_key_size = 32};
    d.make_cipher = [](const driver &, base::bytes, std::unique_ptr<cipher_key> &) noexcept {
        return ENOSYS;
    };
    return d;
}

bool accept_all(const driver &) noexcept { return true; }
bool refuse_bad(const driver &d) noexcept {
    return std::string_view(d.driver_name).find("bad") == std::string_view::npos;
}

class registry_test : public testing::Test {
  protected:
    registry &make(bool (*self_test)(const driver &) noexcept = accept_all, std::string only = {},
                   bool fips = false) {
        module_.drivers = drivers_;
        registry_.emplace(std::vector<const module *>{&module_},
                          registry_options{.fips = fips, .only = std::move(only), .self_test = self_test});
        return *registry_;
    }
    /// The driver's name, or the error number as text.
    static std::string found(registry &r, std::string_view text, driver_kind type = driver_kind::skcipher) {
        const result<const driver *> d = r.find(type, text);
        return d ? (*d)->driver_name : ::strerrorname_np(d.error().code);
    }

    std::vector<driver> drivers_{
        bare("aes", "aes-toy", 100), bare("aes", "aes-slow", 50), toy_driver("cbc(aes)", "cbc-aes-toy", 300),
        toy_driver("cbc(aes)", "cbc-aes-bad", 400), toy_driver("ctr(aes)", "ctr-aes-bad", 300)};
    module module_{.stamp = module_stamp, .name = "toy", .version = "1", .drivers = {}};
    std::optional<registry> registry_;
};

} // namespace

TEST_F(registry_test, best_priority_serves_a_name_and_a_driver_name_wins) {
    registry &r = make();
    EXPECT_EQ(found(r, "cbc(aes)"), "cbc-aes-bad");
    EXPECT_EQ(found(r, "cbc-aes-toy"), "cbc-aes-toy");
}

TEST_F(registry_test, driver_that_fails_its_self_test_is_passed_over_and_visible) {
    registry &r = make(refuse_bad);
    EXPECT_EQ(found(r, "cbc(aes)"), "cbc-aes-toy");
    EXPECT_EQ(found(r, "cbc-aes-bad"), "ELIBBAD");
    std::map<std::string, alg::self_test> states;
    r.visit([&](const driver &d, alg::self_test s) { states[d.driver_name] = s; });
    EXPECT_EQ(states.at("cbc-aes-bad"), alg::self_test::failed);
    EXPECT_EQ(states.at("cbc-aes-toy"), alg::self_test::passed);
    EXPECT_EQ(states.at("ctr-aes-bad"), alg::self_test::unknown);
}

TEST_F(registry_test, the_list_tells_what_is_not_available_and_runs_no_self_test) {
    for (driver &d : drivers_)
        d.available = [](const driver &self, bool) noexcept {
            return std::string_view(self.driver_name) != "cbc-aes-bad";
        };
    static int tests = 0;
    tests = 0;
    registry &r = make([](const driver &) noexcept { return ++tests != 0; });
    std::map<std::string, alg::self_test> states;
    const auto look = [&] { r.visit([&](const driver &d, alg::self_test s) { states[d.driver_name] = s; }); };
    look();
    EXPECT_EQ(tests, 0);
    EXPECT_EQ(states.at("cbc-aes-bad"), alg::self_test::unavailable);
    EXPECT_EQ(states.at("cbc-aes-toy"), alg::self_test::unknown);
    EXPECT_EQ(found(r, "cbc(aes)"), "cbc-aes-toy");
    EXPECT_EQ(found(r, "cbc-aes-bad"), "ELIBBAD");
    look();
    EXPECT_EQ(tests, 1);
    EXPECT_EQ(states.at("cbc-aes-toy"), alg::self_test::passed);
}

TEST_F(registry_test, a_driver_without_memory_to_be_asked_is_asked_again) {
    static bool enough = false;
    enough = false;
    for (driver &d : drivers_)
        d.available = [](const driver &, bool) noexcept {
            errno = enough ? errno : ENOMEM;
            return enough;
        };
    registry &r = make();
    EXPECT_EQ(found(r, "cbc(aes)"), "ENOMEM");
    r.visit(
        [](const driver &d, alg::self_test s) { EXPECT_EQ(s, alg::self_test::unknown) << d.driver_name; });
    enough = true;
    EXPECT_EQ(found(r, "cbc(aes)"), "cbc-aes-bad");
}

TEST_F(registry_test, template_serves_when_the_only_driver_fails) {
    registry &r = make(refuse_bad);
    EXPECT_EQ(found(r, "ctr(aes)"), "ctr(aes-toy)");
}

TEST_F(registry_test, nothing_usable_is_elibbad_and_unknown_is_enoent) {
    registry &r = make([](const driver &d) noexcept { return d.type == driver_kind::cipher; });
    EXPECT_EQ(found(r, "ctr(aes)"), "ELIBBAD");
    EXPECT_EQ(found(r, "nosuch"), "ENOENT");
}

TEST_F(registry_test, template_instance_has_the_kernels_names_and_a_lower_priority) {
    registry &r = make();
    EXPECT_EQ(found(r, "ecb(aes)"), "ecb(aes-toy)");
    EXPECT_EQ(found(r, "cbc(aes-slow)"), "cbc(aes-slow)");
    const result<const driver *> d = r.find(driver_kind::skcipher, "cbc(aes-slow)");
    ASSERT_TRUE(d);
    EXPECT_STREQ((*d)->name, "cbc(aes)");
    EXPECT_EQ((*d)->priority, 49);
    EXPECT_EQ(found(r, "cbc(aes)"), "cbc-aes-bad") << "an instance must not displace a better driver";
    EXPECT_EQ(*d, *r.find(driver_kind::skcipher, "cbc(aes-slow)")) << "an instance is made once";
}

TEST_F(registry_test, errors_are_the_kernels) {
    registry &r = make();
    const std::pair<const char *, const char *> cases[] = {
        {"aes", "ENOENT"},
        {"aes-toy", "ENOENT"},
        {"cbc()", "ENOENT"},
        {"cbc(", "ENOENT"},
        {" cbc(aes)", "ENOENT"},
        {"CBC(AES)", "ENOENT"},
        {"cbc(nosuch)", "ENOENT"},
        {"nosuch(aes)", "ENOENT"},
        {"cbc(aes)x", "EEXIST"},
        {"cbc(aes))", "EEXIST"},
        {"cbc(aes) ", "EEXIST"},
        {"cbc(aes,aes)", "EEXIST"},
        {"xts(ecb(aes))", "EEXIST"},
        {"cbc(ecb(aes))", "ELOOP"},
        {"cbc(cbc(aes))", "ELOOP"},
        {"ctr(ecb(aes))", "EINVAL"},
        {"cts(ctr(aes))", "EINVAL"},
        {"__cbc(aes)", "ENOENT"},
        {"", "ENOENT"},
    };
    for (const auto &[text, expected] : cases)
        EXPECT_EQ(found(r, text), expected) << text;
    EXPECT_EQ(found(r, "cbc(aes)", driver_kind::hash), "EINVAL");
    EXPECT_EQ(found(r, "cbc(aes)x", driver_kind::hash), "EINVAL");
    EXPECT_EQ(found(r, "aes", driver_kind::hash), "ENOENT");
    EXPECT_EQ(found(r, "cts(cbc(aes))"), "cts(cbc-aes-bad)");
}

TEST_F(registry_test, forced_driver_serves_alone) {
    EXPECT_EQ(found(make(accept_all, "cbc-aes-toy"), "cbc(aes)"), "cbc-aes-toy");
    EXPECT_EQ(found(make(accept_all, "cbc-aes-toy"), "ctr(aes)"), "ENOENT");
    EXPECT_EQ(found(make(accept_all, "template"), "cbc(aes)"), "cbc(aes-toy)");
    EXPECT_EQ(found(make(accept_all, "cbc(aes-toy)"), "cbc(aes)"), "cbc(aes-toy)");
    EXPECT_EQ(found(make(accept_all, "toy"), "cbc(aes)"), "cbc-aes-bad");
    EXPECT_EQ(found(make(accept_all, "nosuch"), "cbc(aes)"), "ENOENT");
    make(accept_all, "cbc-aes-toy").visit([](const driver &d, alg::self_test) {
        EXPECT_STREQ(d.driver_name, "cbc-aes-toy") << "the list has what may serve";
    });
}

TEST_F(registry_test, fips_mode_leaves_out_what_is_not_available_there) {
    for (driver &d : drivers_)
        d.available = [](const driver &self, bool fips) noexcept {
            return !fips || std::string_view(self.driver_name) != "cbc-aes-bad";
        };
    EXPECT_EQ(found(make(accept_all, {}, true), "cbc(aes)"), "cbc-aes-toy");
    EXPECT_EQ(found(make(accept_all, {}, true), "ecb(aes)"), "ENOENT") << "no template either";
    EXPECT_EQ(found(make(accept_all, {}, false), "cbc(aes)"), "cbc-aes-bad");
}
