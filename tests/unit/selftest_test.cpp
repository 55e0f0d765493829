// SPDX-License-Identifier: BSD-3-Clause
//
// Every driver of every module, and every template instance behind a recorded name, with each fault that its
// kind can have: its self test must notice, and the next one must serve.
#include "local/modules.hpp"
#include "local/registry.hpp"
#include "names/list.hpp"
#include "support/wrong_driver.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <optional>
#include <set>

using namespace kcapi;
using namespace kcapi::local;
using namespace kcapi::test;

namespace {

/// The driver that is wrong for the moment.
struct {
    driver_kind type = driver_kind::cipher;
    std::string driver_name;
    fault what = fault::encryption;
} spoilt;

bool tests_the_spoilt_one(const driver &d) noexcept {
    if (d.type != spoilt.type || d.driver_name != spoilt.driver_name)
        return passes_self_test(d);
    const wrong_data data{&d, spoilt.what};
    return passes_self_test(wrong_driver(data));
}

registry_options options(bool (*self_test)(const driver &) noexcept) {
    return {.fips = false, .only = {}, .self_test = self_test};
}

/// The driver's name, or the error number as text.
std::string found(registry &r, driver_kind type, const std::string &name) {
    const result<const driver *> d = r.find(type, name);
    return d ? (*d)->driver_name : ::strerrorname_np(d.error().code);
}

std::optional<alg::self_test> state_of(registry &r, driver_kind type, const std::string &driver_name) {
    std::optional<alg::self_test> state;
    r.visit([&](const driver &d, alg::self_test s) {
        if (d.type == type && d.driver_name == driver_name)
            state = s;
    });
    return state;
}

/// What has to serve in the place of a driver: who would if it were not there; and if nobody would, the
/// number says that there is one.
std::string successor(const driver &gone, driver_kind type, const std::string &name) {
    std::vector<module> rest;
    std::vector<std::vector<driver>> drivers;
    for (const module *m : linked_modules()) {
        drivers.emplace_back();
        for (const driver &d : m->drivers)
            if (&d != &gone)
                drivers.back().push_back(d);
        rest.push_back(*m);
    }
    std::vector<const module *> list;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        rest[i].drivers = drivers[i];
        list.push_back(&rest[i]);
    }
    registry r(list, options(passes_self_test));
    const std::string other = found(r, type, name);
    return other == "ENOENT" ? "ELIBBAD" : other;
}

std::string title(const driver &d, fault f) {
    return std::string(d.driver_name) + " (" + d.name + "), " + name_of(f);
}

void check_module_driver(const driver &d) {
    // A bare cipher is looked up as a part.
    const bool bare = d.type == driver_kind::cipher;
    const driver_kind type = bare ? driver_kind::skcipher : d.type;
    const std::string by_driver = bare ? std::string("pcbc(") + d.driver_name + ')' : d.driver_name;
    const std::string by_name = bare ? std::string("pcbc(") + d.name + ')' : d.name;
    const std::string next = successor(d, type, by_name);
    for (const fault f : faults_of(d)) {
        SCOPED_TRACE(title(d, f));
        spoilt = {d.type, d.driver_name, f};
        registry r(linked_modules(), options(tests_the_spoilt_one));
        EXPECT_EQ(found(r, type, by_driver), "ELIBBAD");
        EXPECT_EQ(state_of(r, d.type, d.driver_name), alg::self_test::failed);
        EXPECT_EQ(found(r, type, by_name), next);
    }
}

std::optional<driver_kind> kind_of(const std::string &type) {
    static const std::map<std::string, driver_kind> kinds{{"skcipher", driver_kind::skcipher},
                                                          {"aead", driver_kind::aead},
                                                          {"hash", driver_kind::hash},
                                                          {"rng", driver_kind::rng}};
    const auto found = kinds.find(type);
    return found == kinds.end() ? std::nullopt : std::optional(found->second);
}

/// Every name of every kernel, once.
std::set<std::pair<std::string, std::string>> all_names() {
    std::set<std::pair<std::string, std::string>> names;
    for (const std::string &kernel : recorded_kernels)
        for (const auto &[key, record] : recorded_names(KCAPI_NAMES_DIR, kernel))
            names.insert(key);
    return names;
}

/// No key fits it, so there is nothing that a test could look at, and nothing that could be used.
const std::set<std::string> without_keys{"essiv(cbc(aes),sha1)"};

} // namespace

TEST(selftest, every_driver_with_a_bit_wrong_is_rejected_and_the_next_one_serves) {
    std::size_t count = 0;
    registry sound(linked_modules(), options(passes_self_test));
    for (const module *m : linked_modules())
        for (const driver &d : m->drivers) {
            const bool bare = d.type == driver_kind::cipher;
            ASSERT_TRUE(sound.find(bare ? driver_kind::skcipher : d.type,
                                   bare ? std::string("pcbc(") + d.driver_name + ')' : d.driver_name))
                << d.driver_name;
            // There is a digest of which nothing comes.
            if (d.type == driver_kind::hash && d.sizes.digest_size == 0)
                continue;
            check_module_driver(d);
            ++count;
        }
    std::printf("%zu drivers\n", count);
    EXPECT_GT(count, 100U);
}

TEST(selftest, every_template_instance_behind_a_recorded_name_is_rejected_with_a_bit_wrong) {
    std::size_t count = 0;
    registry sound(linked_modules(), options(passes_self_test));
    for (const auto &[type, name] : all_names()) {
        const result<const driver *> right = sound.find(*kind_of(type), name);
        if (!right || (*right)->parts[0] == nullptr || without_keys.contains(name))
            continue;
        const driver &d = **right;
        ++count;
        for (const fault f : faults_of(d)) {
            SCOPED_TRACE(title(d, f));
            spoilt = {d.type, d.driver_name, f};
            registry r(linked_modules(), options(tests_the_spoilt_one));
            // Of two drivers that were joined the first one goes on alone.
            const std::string next =
                std::string_view(d.provider) == "template" ? "ELIBBAD" : d.parts[0]->driver_name;
            EXPECT_EQ(found(r, d.type, name), next);
            EXPECT_EQ(state_of(r, d.type, d.driver_name), alg::self_test::failed);
        }
    }
    std::printf("%zu template instances\n", count);
    EXPECT_GT(count, 100U);
}
