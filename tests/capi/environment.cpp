// SPDX-License-Identifier: BSD-3-Clause
#include "capi/environment.hpp"

#include <kcapi_ext.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace kcapi::test {

namespace {

void keep_error(void *context, int level, const char *message) {
    if (level == KCAPI_LOG_ERR)
        static_cast<std::vector<std::string> *>(context)->emplace_back(message);
}

} // namespace

void set_environment(const char *name, const char *value) {
    EXPECT_EQ(value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1), 0);
}

std::vector<std::string> error_lines(const std::function<void()> &body) {
    std::vector<std::string> lines;
    kcapi_ext_set_log(keep_error, &lines);
    kcapi_set_verbosity(KCAPI_LOG_ERR);
    body();
    kcapi_set_verbosity(KCAPI_LOG_NONE);
    kcapi_ext_set_log(nullptr, nullptr);
    return lines;
}

scratch_folder::scratch_folder() : path_((std::filesystem::temp_directory_path() / "kcapi-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr)
        throw std::runtime_error("mkdtemp " + path_);
}

scratch_folder::~scratch_folder() {
    std::error_code ignored;
    (void)std::filesystem::remove_all(path_, ignored);
}

} // namespace kcapi::test
