// SPDX-License-Identifier: BSD-3-Clause
//
// KCAPI_ENGINE, KCAPI_DRIVER and the driver folder. Each case is a process of its own: the library looks
// once.
#include "capi/child.hpp"
#include "capi/environment.hpp"
#include "capi/reference.hpp"
#include "capi/support.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace kcapi::test;

namespace {

const char *const aes_modes[] = {"ecb(aes)", "cbc(aes)", "ctr(aes)", "xts(aes)", "cts(cbc(aes))"};

/// The driver that serves `name`, after it has encrypted and decrypted rightly; "" if there is none (ENOENT).
std::string serving_driver(const char *name) {
    kcapi_handle *h = nullptr;
    const int r = kcapi_cipher_init(&h, name, 0);
    if (r != 0) {
        EXPECT_EQ(r, -ENOENT) << name;
        EXPECT_EQ(h, nullptr);
        return "";
    }
    EXPECT_STREQ(kcapi_ext_engine_name(h), "local");
    const std::string driver = kcapi_ext_driver_name(h);
    kcapi_cipher_destroy(h);
    const octets &key = std::string(name) == "xts(aes)" ? key_64() : key_32();
    const octets iv = std::string(name) == "ecb(aes)" ? octets() : iv_16();
    const octets plain = pattern(4096);
    cipher c(name, key);
    EXPECT_TRUE(c.encrypted(plain, iv) == reference(name, way::encrypt, key, iv, plain)) << driver;
    EXPECT_TRUE(c.decrypted(c.encrypted(plain, iv), iv) == plain) << driver;
    return driver;
}

bool own_mode(const std::string &driver) { return is_own_mode(driver); }

void in_child_with(const char *engine, const char *driver, const std::function<void()> &body) {
    EXPECT_TRUE(passes_in_child([&] {
        set_environment("KCAPI_ENGINE", engine);
        set_environment("KCAPI_DRIVER", driver);
        body();
    }));
}

std::string build_tree_modules() {
    const char *const path = std::getenv("KCAPI_DRIVER_PATH");
    return path == nullptr ? "" : path;
}

} // namespace

TEST(engine_variable, unknown_value_is_enoent_and_never_a_fallback) {
    for (const char *const value : {"bogus", "LOCAL", "local ", "kernel,local", "0"})
        in_child_with(value, nullptr, [] {
            for (const char *const name : aes_modes) {
                kcapi_handle *h = nullptr;
                EXPECT_EQ(kcapi_cipher_init(&h, name, 0), -ENOENT);
            }
            octets b(16);
            EXPECT_EQ(kcapi_cipher_enc_aes_ctr(b.data(), 16, b.data(), 16, nullptr, b.data(), 16), -ENOENT);
            const std::vector<std::string> lines = error_lines([] {
                kcapi_handle *h = nullptr;
                EXPECT_EQ(kcapi_cipher_init(&h, "cbc(aes)", 0), -ENOENT);
            });
            ASSERT_EQ(lines.size(), 1U);
            EXPECT_NE(lines[0].find("KCAPI_ENGINE"), std::string::npos) << lines[0];
        });
}

TEST(engine_variable, is_overridden_by_the_program) {
    in_child_with("bogus", nullptr, [] {
        kcapi_handle *h = nullptr;
        EXPECT_EQ(kcapi_ext_init(&h, "skcipher", "cbc(aes)", 0, KCAPI_EXT_ENGINE_LOCAL), 0);
        kcapi_cipher_destroy(h);
        EXPECT_EQ(kcapi_cipher_init(&h, "cbc(aes)", 0), -ENOENT) << "that handle only";
        EXPECT_EQ(kcapi_ext_set_engine(KCAPI_EXT_ENGINE_AUTO), 0);
        EXPECT_NE(serving_driver("cbc(aes)"), "");
    });
}

TEST(engine_variable, empty_is_auto) {
    in_child_with("", nullptr, [] { EXPECT_PRED1(own_mode, serving_driver("cbc(aes)")); });
}

TEST(engine_variable, is_read_once) {
    in_child_with("local", nullptr, [] {
        EXPECT_NE(serving_driver("cbc(aes)"), "");
        set_environment("KCAPI_ENGINE", "bogus");
        set_environment("KCAPI_DRIVER", "bogus");
        EXPECT_NE(serving_driver("ctr(aes)"), "");
    });
}

TEST(driver_variable, forces_one_driver) {
    for (const char *const engine : {"local", "auto", static_cast<const char *>(nullptr)})
        in_child_with(engine, "cbc-aes-openssl", [] {
            EXPECT_EQ(serving_driver("cbc(aes)"), "cbc-aes-openssl");
            EXPECT_EQ(serving_driver("ctr(aes)"), "") << "no other driver may serve";
            EXPECT_EQ(serving_driver("cbc(aes)"), "cbc-aes-openssl");
        });
}

TEST(driver_variable, forces_a_template_over_a_bare_cipher) {
    in_child_with("local", "cbc(aes-openssl)", [] {
        EXPECT_EQ(serving_driver("cbc(aes)"), "cbc(aes-openssl)");
        EXPECT_EQ(serving_driver("ctr(aes)"), "");
    });
}

TEST(driver_variable, forces_a_library) {
    in_child_with("local", "openssl", [] {
        const char *const drivers[] = {"ecb-aes-openssl", "cbc-aes-openssl", "ctr-aes-openssl",
                                       "xts-aes-openssl", "cts-cbc-aes-openssl"};
        for (std::size_t i = 0; i < std::size(aes_modes); ++i)
            EXPECT_EQ(serving_driver(aes_modes[i]), drivers[i]);
    });
}

TEST(driver_variable, forces_templates) {
    in_child_with("local", "template", [] {
        for (const char *const name : aes_modes) {
            const std::string driver = serving_driver(name);
            const std::string mode = std::string(name).substr(0, 4);
            EXPECT_EQ(driver.substr(0, 4), mode) << driver;
            EXPECT_NE(driver.find('('), std::string::npos) << driver;
        }
    });
}

TEST(driver_variable, unknown_one_is_enoent_with_a_line_that_names_the_variable) {
    in_child_with("local", "no-such-driver", [] {
        for (const char *const name : aes_modes)
            EXPECT_EQ(serving_driver(name), "");
        const std::vector<std::string> lines = error_lines([] { (void)serving_driver("cbc(aes)"); });
        ASSERT_EQ(lines.size(), 1U);
        EXPECT_NE(lines[0].find("KCAPI_DRIVER"), std::string::npos) << lines[0];
    });
}

TEST(driver_variable, empty_forces_nothing) {
    in_child_with("local", "", [] { EXPECT_PRED1(own_mode, serving_driver("cbc(aes)")); });
}

TEST(driver_name, opens_just_that_driver_without_any_variable) {
    in_child_with("local", nullptr, [] {
        for (const char *const driver : {"cbc-aes-openssl", "cbc(aes-openssl)"}) {
            const cipher c(driver);
            EXPECT_STREQ(kcapi_ext_driver_name(c.get()), driver);
            EXPECT_STREQ(kcapi_ext_algorithm_name(c.get()), "cbc(aes)");
        }
        EXPECT_PRED1(own_mode, serving_driver("cbc(aes)")) << "that of a library still comes first";
    });
}

TEST(driver_folder, empty_or_missing_or_relative_leaves_the_local_engine_without_algorithms) {
    const scratch_folder empty;
    for (const std::string &path : {empty.path(), empty.path() + "/missing", std::string("build/drivers")})
        in_child_with("local", nullptr, [&] {
            set_environment("KCAPI_DRIVER_PATH", path.c_str());
            EXPECT_EQ(serving_driver("cbc(aes)"), "") << path;
        });
}

TEST(driver_folder, what_is_no_module_is_passed_over_with_a_warning) {
    ASSERT_NE(build_tree_modules(), "") << "KCAPI_DRIVER_PATH must name the modules";
    const scratch_folder folder;
    for (const auto &module : std::filesystem::directory_iterator(build_tree_modules()))
        std::filesystem::create_symlink(module.path(),
                                        folder.path() + "/" + module.path().filename().string());
    std::ofstream(folder.path() + "/aaa.so") << "not a shared object";
    std::ofstream(folder.path() + "/notes.txt") << "not even called one";
    in_child_with("local", nullptr, [&] {
        set_environment("KCAPI_DRIVER_PATH", folder.path().c_str());
        captured_stderr captured;
        kcapi_set_verbosity(KCAPI_LOG_WARN);
        EXPECT_PRED1(own_mode, serving_driver("cbc(aes)"));
        kcapi_set_verbosity(KCAPI_LOG_NONE);
        EXPECT_NE(captured.text().find("Warning"), std::string::npos);
        EXPECT_NE(captured.text().find("aaa.so"), std::string::npos) << captured.text();
        EXPECT_EQ(captured.text().find("notes.txt"), std::string::npos) << captured.text();
    });
}

TEST(first_use, by_many_threads_at_once) {
    for (std::size_t i = 0; i < scaled(20, 3); ++i)
        in_child_with("auto", nullptr, [] {
            std::vector<std::thread> threads;
            for (std::size_t t = 0; t < 8; ++t)
                threads.emplace_back(
                    [t] { EXPECT_NE(serving_driver(aes_modes[t % std::size(aes_modes)]), ""); });
            for (std::thread &t : threads)
                t.join();
        });
}
