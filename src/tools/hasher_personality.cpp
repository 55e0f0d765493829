// SPDX-License-Identifier: BSD-3-Clause
#include "hasher_personality.hpp"

#include "failure.hpp"

#include <algorithm>
#include <array>

namespace kcapi::tools {

namespace {

constexpr auto personalities = std::to_array<personality>({
    {"sha1sum", "sha1", known_key::none, task::sums},
    {"sha224sum", "sha224", known_key::none, task::sums},
    {"sha256sum", "sha256", known_key::none, task::sums},
    {"sha384sum", "sha384", known_key::none, task::sums},
    {"sha512sum", "sha512", known_key::none, task::sums},
    {"sha3sum", "sha3-224", known_key::none, task::sums},
    {"md5sum", "md5", known_key::none, task::sums},
    {"sm3sum", "sm3", known_key::none, task::sums},
    {"fipscheck", "sha256", known_key::fipscheck, task::check_file},
    {"fipshmac", "sha256", known_key::fipscheck, task::write_check_files},
    {"sha1hmac", "sha1", known_key::hmaccalc, task::sums},
    {"sha224hmac", "sha224", known_key::hmaccalc, task::sums},
    {"sha256hmac", "sha256", known_key::hmaccalc, task::sums},
    {"sha384hmac", "sha384", known_key::hmaccalc, task::sums},
    {"sha512hmac", "sha512", known_key::hmaccalc, task::sums},
    {"sm3hmac", "sm3", known_key::hmaccalc, task::sums},
    {"kcapi-hasher", "", known_key::none, task::sums},
});

constexpr auto hashes =
    std::to_array<std::string_view>({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sm3", "sha3-224",
                                     "sha3-256", "sha3-384", "sha3-512"});

std::string last_part(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

/// "--n", "--na", "--nam", "--name", also with "=NAME".
bool is_long_name(std::string_view word) noexcept {
    const std::string_view option = word.substr(0, word.find('='));
    return option.size() >= 3 && std::string_view("--name").starts_with(option);
}

} // namespace

std::string_view text_of(known_key key) noexcept {
    switch (key) {
    case known_key::fipscheck:
        return "orboDeJITITejsirpADONivirpUkvarP";
    case known_key::hmaccalc:
        return "FIPS-FTW-RHT2009";
    default:
        return {};
    }
}

const personality *find_personality(std::string_view name) noexcept {
    const auto *const p = std::find_if(personalities.begin(), personalities.end(),
                                       [&](const personality &one) { return name.starts_with(one.name); });
    return p == personalities.end() ? nullptr : p;
}

chosen_personality choose_personality(int argc, char **argv) {
    chosen_personality chosen;
    chosen.arguments.assign(argv, argv + argc);
    chosen.name = argc > 0 ? last_part(argv[0]) : "kcapi-hasher";
    const auto first = std::find_if(chosen.arguments.begin() + (argc > 0 ? 1 : 0), chosen.arguments.end(),
                                    [](const char *word) { return word[0] == '-' && word[1] != '\0'; });
    if (first != chosen.arguments.end()) {
        const std::string_view word = *first;
        const std::size_t equals = word.find('=');
        const bool is_short = word.starts_with("-n");
        if (is_short || is_long_name(word)) {
            const bool attached = is_short ? word.size() > 2 : equals != std::string_view::npos;
            if (!attached && first + 1 == chosen.arguments.end())
                fail_usage("option " + std::string(word) + " needs a value");
            chosen.name = attached ? std::string(word.substr(is_short ? 2 : equals + 1)) : *(first + 1);
            chosen.arguments.erase(first, first + (attached ? 1 : 2));
        }
    }
    chosen.arguments.push_back(nullptr);
    return chosen;
}

std::string label_of(std::string_view hash) {
    if (std::find(hashes.begin(), hashes.end(), hash) == hashes.end())
        return {};
    std::string label(hash);
    for (char &c : label)
        if (c >= 'a' && c <= 'z')
            c = static_cast<char>(c - 'a' + 'A');
    return label;
}

} // namespace kcapi::tools
