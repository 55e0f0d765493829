// SPDX-License-Identifier: BSD-3-Clause
//
// KCAPI_PRELOAD_CHILDREN=no: what this program executes runs without the shim. Its entry in LD_PRELOAD goes
// as the program starts, in the environment's own memory: nothing is allocated, and other entries stay.
#include <sys/auxv.h>
#include <unistd.h>

#include <cstring>
#include <string_view>

namespace kcapi::preload {

namespace {

constexpr std::string_view list_setting = "LD_PRELOAD=";
constexpr std::string_view children_setting = "KCAPI_PRELOAD_CHILDREN=no";
constexpr std::string_view own_name = "libkcapi-preload.so";
constexpr std::string_view separators = " :";

bool is_own(std::string_view entry) noexcept {
    return entry.substr(entry.rfind('/') + 1) == own_name; // npos + 1 is 0
}

/// Cuts our entries out of a list, each with the separator behind it.
void take_out(char *list) noexcept {
    char *to = list;
    const char *from = list;
    while (*from != '\0') {
        const std::size_t length = std::strcspn(from, separators.data());
        const std::size_t whole = length + (from[length] != '\0' ? 1 : 0);
        if (!is_own({from, length})) {
            std::memmove(to, from, whole);
            to += whole;
        }
        from += whole;
    }
    *to = '\0';
}

[[gnu::constructor]] void leave_children_alone() noexcept {
    if (environ == nullptr || ::getauxval(AT_SECURE) != 0)
        return;
    char *list = nullptr;
    bool wanted = false;
    for (char *const *setting = environ; *setting != nullptr; ++setting) {
        wanted = wanted || *setting == children_setting;
        if (std::strncmp(*setting, list_setting.data(), list_setting.size()) == 0)
            list = *setting + list_setting.size();
    }
    if (wanted && list != nullptr)
        take_out(list);
}

} // namespace

} // namespace kcapi::preload
