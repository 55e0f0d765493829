// SPDX-License-Identifier: BSD-3-Clause
//
// Modules on their way into the registry: what their files tell of them, and that they are loaded when they
// are wanted and not before, with the same outcome as if all had been loaded at once.
#include "local/modules.hpp"
#include "local/registry.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace kcapi;
using namespace kcapi::local;

namespace fs = std::filesystem;

namespace {

bool accept_all(const driver &) noexcept { return true; }

std::string content_of(const fs::path &path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Copies of the modules of this build, so that no other test has loaded them.
class modules_test : public testing::Test {
  protected:
    void SetUp() override {
        folder_ =
            fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        for (const auto &entry : fs::directory_iterator(std::getenv("KCAPI_DRIVER_PATH")))
            fs::copy(entry.path(), folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    [[nodiscard]] std::vector<module_file> files() const {
        result<std::vector<module_file>> found = find_modules(folder_.c_str());
        EXPECT_TRUE(found);
        return found ? std::move(*found) : std::vector<module_file>{};
    }
    [[nodiscard]] bool is_loaded(const char *name) const {
        return ::dlopen((folder_ / name).c_str(), RTLD_NOW | RTLD_NOLOAD) != nullptr;
    }
    /// The driver's name, or the error number as text.
    static std::string found(registry &r, driver_kind type, std::string_view text) {
        const result<const driver *> d = r.find(type, text);
        return d ? (*d)->driver_name : ::strerrorname_np(d.error().code);
    }

    const registry_options options_{.fips = false, .only = {}, .self_test = accept_all};
    fs::path folder_;
};

} // namespace

TEST_F(modules_test, index_tells_what_the_module_has) {
    std::size_t drivers = 0;
    for (const module_file &file : files()) {
        const std::string content = content_of(file.path());
        const auto rows = index_in(content);
        ASSERT_TRUE(rows) << file.path();
        const result<const module *> m = load_module(file.path());
        ASSERT_TRUE(m && *m != nullptr) << file.path();
        ASSERT_EQ((*m)->drivers.size(), rows->size()) << file.path();
        for (std::size_t i = 0; i < rows->size(); ++i, ++drivers) {
            const driver &d = (*m)->drivers[i];
            const index_row &row = (*rows)[i];
            EXPECT_EQ(d.type, row.type) << d.driver_name;
            EXPECT_EQ(d.name, row.name);
            EXPECT_EQ(d.driver_name, row.driver_name);
            EXPECT_LE(d.priority, row.priority) << d.driver_name;
        }
    }
    EXPECT_GT(drivers, 50U);
}

TEST_F(modules_test, index_of_a_file_that_is_cut_off_or_altered_is_none_or_within_the_file) {
    const std::string whole = content_of(folder_ / "openssl.so").substr(0, 6000);
    ASSERT_TRUE(index_in(whole));
    std::size_t without = 0;
    const auto look = [&](const std::string &file) {
        const auto rows = index_in(file);
        without += rows ? 0 : 1;
        for (const index_row &row : rows.value_or(std::vector<index_row>{})) {
            EXPECT_GE(row.name.data(), file.data());
            EXPECT_LE(row.driver_name.data() + row.driver_name.size(), file.data() + file.size());
        }
    };
    for (std::size_t length = 0; length < whole.size(); length += 7)
        look(whole.substr(0, length));
    EXPECT_GT(without, 100U);
    without = 0;
    for (std::size_t at = 0; at < 1500; ++at)
        for (const char value : {'\0', '\x7f', '\xff'}) {
            std::string altered = whole;
            altered[at] = value;
            look(altered);
        }
    EXPECT_GT(without, 10U);
}

TEST_F(modules_test, index_of_another_build_does_not_count) {
    std::string file = content_of(folder_ / "openssl.so").substr(0, 6000);
    const std::size_t stamp = file.find(module_stamp);
    ASSERT_NE(std::string::npos, stamp);
    ++file[stamp];
    EXPECT_FALSE(index_in(file));
}

TEST_F(modules_test, only_those_that_serve_better_are_loaded) {
    registry r({}, options_, files());
    EXPECT_EQ("sha256-openssl", found(r, driver_kind::hash, "sha256"));
    EXPECT_TRUE(is_loaded("openssl.so"));
    EXPECT_FALSE(is_loaded("gcrypt.so"));
    EXPECT_EQ("md4-gcrypt", found(r, driver_kind::hash, "md4"));
    EXPECT_TRUE(is_loaded("gcrypt.so"));
}

#ifdef KCAPI_TEST_IPSECMB
class late_batches : public modules_test {
  protected:
    void expect_late(const char *name, std::size_t key_size);
};

void late_batches::expect_late(const char *name, std::size_t key_size) {
    registry r({}, {.fips = false, .only = {}}, files());
    const result<const driver *> d = r.find(driver_kind::hash, name);
    ASSERT_TRUE(d) << name;
    const base::bytes key(reinterpret_cast<const std::uint8_t *>("key"), key_size);
    std::unique_ptr<hash_key> made;
    ASSERT_EQ(0, (*d)->make_hash(**d, key, made));
    const std::unique_ptr<hash_context> context = made->open();
    std::array<std::array<std::uint8_t, 32>, 4> alone{};
    std::array<std::array<std::uint8_t, 32>, 4> together{};
    std::array<hash_message, 4> messages;
    const std::vector<std::uint8_t> text(1000, 7);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        messages[i] = {base::bytes(text).first(i * 300), together[i].data()};
        ASSERT_EQ(0, context->update(messages[i].in));
        ASSERT_EQ(0, context->finish(alone[i].data()));
    }
    EXPECT_FALSE(is_loaded("ipsecmb.so"));
    context->digest_batch(messages);
    EXPECT_TRUE(is_loaded("ipsecmb.so"));
    EXPECT_EQ(alone, together);
    context->clone()->digest_batch(messages);
    EXPECT_EQ(alone, together);
    // From now on it is joined when it is asked for.
    const std::string now = found(r, driver_kind::hash, name);
    EXPECT_EQ(0U, now.find((*d)->driver_name)) << now;
}

TEST_F(late_batches, first_one_of_a_hash_loads_who_does_them) { expect_late("sha256", 0); }
TEST_F(late_batches, first_one_of_a_keyed_hash_loads_who_does_them) { expect_late("hmac(sha256)", 3); }
#endif

TEST_F(modules_test, better_one_is_loaded_though_a_worse_one_is_there) {
    registry r({}, options_, files());
    EXPECT_EQ("md4-gcrypt", found(r, driver_kind::hash, "md4"));
    EXPECT_FALSE(is_loaded("openssl.so"));
    EXPECT_EQ("sha256-openssl", found(r, driver_kind::hash, "sha256"));
}

TEST_F(modules_test, name_of_a_driver_loads_its_module_alone) {
    registry r({}, options_, files());
    EXPECT_EQ("sha256-gcrypt", found(r, driver_kind::hash, "sha256-gcrypt"));
    EXPECT_FALSE(is_loaded("openssl.so"));
}

TEST_F(modules_test, forced_provider_is_found_though_another_is_better) {
    registry r({}, {.fips = false, .only = "gcrypt", .self_test = accept_all}, files());
    EXPECT_EQ("sha256-gcrypt", found(r, driver_kind::hash, "sha256"));
}

TEST_F(modules_test, unusable_driver_gives_way_to_one_of_a_module_not_loaded_yet) {
    registry r(
        {},
        {.fips = false,
         .only = {},
         .self_test = [](const driver &d) noexcept { return std::string_view(d.provider) != "openssl"; }},
        files());
    EXPECT_EQ("sha256-gcrypt", found(r, driver_kind::hash, "sha256"));
}

TEST_F(modules_test, file_without_an_index_is_loaded_to_know) {
    std::ofstream(folder_ / "aaa.so") << "not a shared object";
    std::vector<module_file> all = files();
    EXPECT_EQ("aaa.so", fs::path(all.front().path()).filename());
    registry r({}, options_, std::move(all));
    EXPECT_EQ("sha256-openssl", found(r, driver_kind::hash, "sha256"));
    EXPECT_EQ("ENOENT", found(r, driver_kind::hash, "nothing"));
}

TEST_F(modules_test, every_name_is_served_as_if_all_were_loaded) {
    std::vector<const module *> loaded;
    std::vector<std::pair<driver_kind, std::string>> names{
        {driver_kind::hash, "hmac(md4)"},        {driver_kind::skcipher, "cbc(serpent)"},
        {driver_kind::hash, "cbc(aes)"},         {driver_kind::skcipher, "nothing"},
        {driver_kind::aead, "gcm(camellia)"},    {driver_kind::skcipher, "ecb(nothing)"},
        {driver_kind::skcipher, "cbc-aes-aesni"}};
    for (const module_file &file : files()) {
        loaded.push_back(*load_module(file.path()));
        for (const driver &d : loaded.back()->drivers)
            if (d.type != driver_kind::cipher) {
                names.emplace_back(d.type, d.name);
                names.emplace_back(d.type, d.driver_name);
            }
    }
    EXPECT_GT(names.size(), 200U);
    for (const auto &[type, name] : names) {
        registry at_once(loaded, options_);
        registry on_demand({}, options_, files());
        // Who does the batches of a hash is found out by the first batch.
        std::string expected = found(at_once, type, name);
        if (type == driver_kind::hash && name.find('+') == std::string::npos)
            expected = expected.substr(0, expected.find('+'));
        EXPECT_EQ(expected, found(on_demand, type, name)) << name;
    }
}

TEST_F(modules_test, list_has_those_of_every_module) {
    registry r({}, options_, files());
    std::size_t count = 0;
    r.visit([&](const driver &, alg::self_test) { ++count; });
    EXPECT_GT(count, 100U);
}
