// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi/algorithm.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace {

constexpr const char *heading = R"(<!-- SPDX-License-Identifier: BSD-3-Clause -->
<!-- Written by examples/list_algorithms.cpp from the list that kcapi_ext_list gives. -->
# Algorithms of the local engine

Each row is an implementation; of those of one name the one with the highest priority serves, once its self test has
passed. Sizes are in bytes; between the smallest and the largest key an algorithm may leave sizes out. Drivers whose
names have parentheses are put together from others, and here stand for those names that Linux binds; the same templates
go over other parts as well. What serves on a machine also depends on its libraries; `list_algorithms` prints it.
intel-ipsec-mb was left out here, for what its drivers are worth depends on the processor: [drivers.md](drivers.md).
)";

/// Engines put algorithms together no earlier than somebody asks for them.
void ask_for_all_of(const char *path) {
    std::ifstream file(path);
    if (!file)
        throw kcapi::exception(kcapi::error{ENOENT, path});
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string type, name;
        words >> type >> name;
        kcapi_handle *handle = nullptr;
        if (kcapi_ext_init(&handle, type.c_str(), name.c_str(), 0, KCAPI_EXT_ENGINE_LOCAL) == 0)
            kcapi_cipher_destroy(handle);
    }
}

const char *text_of(kcapi::self_test_state state) {
    switch (state) {
    case kcapi::self_test_state::passed:
        return "passed";
    case kcapi::self_test_state::failed:
        return "failed";
    case kcapi::self_test_state::unavailable:
        return "not available here";
    default:
        return "not run yet";
    }
}

/// "16", "16-32"; "-" for an algorithm without a key, "any" for one without an upper limit.
std::string keys_of(const kcapi::algorithm &a) {
    if (a.max_key_size == 0)
        return "-";
    const std::string most = a.max_key_size > 0xffff ? "any" : std::to_string(a.max_key_size);
    return a.min_key_size == a.max_key_size ? most : std::to_string(a.min_key_size) + "-" + most;
}

struct column {
    const char *title;
    std::size_t kcapi::algorithm::*size;
};

/// The sizes that say something of a type.
std::vector<column> columns_of(const std::string &type) {
    const column block{"block", &kcapi::algorithm::block_size};
    if (type == "skcipher")
        return {block, {"chunk", &kcapi::algorithm::chunk_size}, {"IV", &kcapi::algorithm::iv_size}};
    if (type == "aead")
        return {{"IV", &kcapi::algorithm::iv_size}, {"longest tag", &kcapi::algorithm::max_tag_size}};
    if (type == "hash")
        return {block, {"digest", &kcapi::algorithm::digest_size}};
    if (type == "rng")
        return {{"seed", &kcapi::algorithm::seed_size}};
    return {};
}

void print_table(const std::string &type, const std::vector<kcapi::algorithm> &all, bool with_states) {
    const std::vector<column> columns = columns_of(type);
    std::string rule = "|---|---|---|---|";
    std::printf("\n## %s\n\n| name | driver | priority | key |", type.c_str());
    for (const column &c : columns) {
        std::printf(" %s |", c.title);
        rule += "---|";
    }
    std::printf("%s\n%s%s\n", with_states ? " self test |" : "", rule.c_str(), with_states ? "---|" : "");
    for (const kcapi::algorithm &a : all) {
        if (a.type != type)
            continue;
        std::printf("| %s | %s | %d | %s |", a.name.c_str(), a.driver_name.c_str(), a.priority,
                    keys_of(a).c_str());
        for (const column &c : columns)
            std::printf(" %zu |", a.*c.size);
        std::printf(with_states ? " %s |\n" : "\n", text_of(a.self_test));
    }
}

} // namespace

/// list_algorithms [--states] [LIST...] prints what the local engine has, as docs/algorithms.md; LIST are
/// files whose lines begin with a type and a name that is asked for first.
int main(int argc, char **argv) try {
    std::vector<std::string> files(argv + 1, argv + argc);
    const bool with_states = !files.empty() && files[0] == "--states";
    if (with_states)
        files.erase(files.begin());
    for (const std::string &file : files)
        ask_for_all_of(file.c_str());
    std::vector<kcapi::algorithm> all = kcapi::list_algorithms(kcapi::engine::local).value();
    std::stable_sort(all.begin(), all.end(), [](const kcapi::algorithm &a, const kcapi::algorithm &b) {
        return a.name != b.name ? a.name < b.name : a.priority > b.priority;
    });
    std::fputs(heading, stdout);
    for (const char *const type : {"skcipher", "aead", "hash", "rng", "akcipher", "kpp"})
        print_table(type, all, with_states);
    return 0;
} catch (const std::exception &e) {
    return std::fprintf(stderr, "list_algorithms: %s\n", e.what()), 1;
}
