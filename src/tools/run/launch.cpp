// SPDX-License-Identifier: BSD-3-Clause
#include "launch.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace kcapi::tools {

namespace {

constexpr std::string_view separators = " :";

bool is_setting_of(std::string_view setting, std::string_view name) noexcept {
    return setting.size() > name.size() && setting.starts_with(name) && setting[name.size()] == '=';
}

std::string directory_of_this_program() {
    std::array<char, PATH_MAX> path{};
    const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size());
    if (n <= 0 || static_cast<std::size_t>(n) == path.size())
        return {};
    const std::string_view text(path.data(), static_cast<std::size_t>(n));
    return std::string(text.substr(0, text.rfind('/')));
}

} // namespace

environment::environment() {
    for (char **p = environ; p != nullptr && *p != nullptr; ++p)
        all_.emplace_back(*p);
}

std::optional<std::string> environment::value(std::string_view name) const {
    for (const std::string &setting : all_)
        if (is_setting_of(setting, name))
            return setting.substr(name.size() + 1);
    return std::nullopt;
}

void environment::set(std::string_view name, std::string_view value) {
    remove(name);
    all_.push_back(std::string(name) + "=" + std::string(value));
}

void environment::remove(std::string_view name) {
    std::erase_if(all_, [&](const std::string &setting) { return is_setting_of(setting, name); });
}

std::vector<char *> environment::pointers() {
    std::vector<char *> list;
    for (std::string &setting : all_)
        list.push_back(setting.data());
    list.push_back(nullptr);
    return list;
}

std::string preload_list(std::string_view library, std::string_view before) {
    std::string list(library);
    while (!before.empty()) {
        const std::size_t end = std::min(before.find_first_of(separators), before.size());
        const std::string_view one = before.substr(0, end);
        if (!one.empty() && one != library)
            list.append(":").append(one);
        before.remove_prefix(std::min(end + 1, before.size()));
    }
    return list;
}

bool fits_preload_list(std::string_view path) noexcept {
    return path.find_first_of(" :$") == std::string_view::npos;
}

std::string find_shim() {
    const std::string here = directory_of_this_program();
    for (const std::string &path : {here.empty() ? here : here + "/" + KCAPI_PRELOAD_FROM_BIN,
                                    std::string(KCAPI_PRELOAD_DIR "/libkcapi-preload.so")}) {
        // The dynamic linker gets the path in its plainest form: it stands in the environment of all
        // children.
        std::array<char, PATH_MAX> plain{};
        if (!path.empty() && ::access(path.c_str(), R_OK) == 0 &&
            ::realpath(path.c_str(), plain.data()) != nullptr)
            return plain.data();
    }
    return {};
}

int execute(std::span<char *const> command, environment &with) {
    std::vector<char *> arguments(command.begin(), command.end());
    arguments.push_back(nullptr);
    const std::vector<char *> settings = with.pointers();
    ::execvpe(arguments.front(), arguments.data(), settings.data());
    return errno;
}

} // namespace kcapi::tools
