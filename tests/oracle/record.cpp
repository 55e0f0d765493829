// SPDX-License-Identifier: BSD-3-Clause
// Runs scripts on a backend and writes transcripts to standard output, or compares them with recorded ones.
#include "oracle/backend.hpp"
#include "oracle/library.hpp"
#include "oracle/runner.hpp"

#include "afalg/engine.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"

#include <algorithm>
#include <cstdio>

namespace {

using namespace kcapi;

constexpr const char *usage =
    "usage: oracle_record --backend sockets|kernel|local SCRIPT...\n"
    "       oracle_record --backend sockets|kernel --check FOLDER --kernel ID|local\n"
    "Backends: system calls on AF_ALG sockets, the kernel engine, the local engine.\n"
    "The first form writes transcripts. The second runs all scripts of FOLDER (tests/oracle or a copy of it) "
    "and\n"
    "compares with the recordings of the kernel ID, or with what the local engine has to answer.\n";

constexpr std::string_view local = "local";

struct options {
    std::unique_ptr<oracle::backend> on;
    std::string folder;
    std::string kernel;
    std::vector<std::string> files;
};

std::unique_ptr<oracle::backend> make_backend(std::string_view name) {
    if (name == "sockets")
        return oracle::make_sockets_backend();
    if (name == "kernel")
        return oracle::make_seam_backend(afalg::make_engine());
    if (name == "local")
        return oracle::make_seam_backend(local::make_engine(local::linked_modules()));
    return nullptr;
}

bool parse(const std::vector<std::string> &arguments, options &out) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string &word = arguments[i];
        if (word.substr(0, 2) != "--") {
            out.files.push_back(word);
            continue;
        }
        if (++i == arguments.size())
            return false;
        if (word == "--backend")
            out.on = make_backend(arguments[i]);
        else if (word == "--check")
            out.folder = arguments[i];
        else if (word == "--kernel")
            out.kernel = arguments[i];
        else
            return false;
    }
    const std::vector<std::string> &kernels = oracle::recorded_kernels();
    const bool checks = !out.folder.empty();
    const bool known =
        out.kernel == local || std::find(kernels.begin(), kernels.end(), out.kernel) != kernels.end();
    return out.on && checks == out.files.empty() && (checks ? known : out.kernel.empty());
}

/// A transcript with a sleep that nobody asked for is no record: the script is wrong, or the backend is.
std::string unsound(const oracle::transcript &t) {
    std::string out;
    for (const oracle::entry &e : t.entries)
        if (e.result.find(oracle::unexpected_sleep) != std::string::npos)
            out += t.script + ": line " + std::to_string(e.line) + ": " + e.call + ": " + e.result + '\n';
    return out;
}

std::string check(const options &given, const std::vector<oracle::difference> &differences,
                  const oracle::script &s, const oracle::transcript &actual) {
    const oracle::recordings_outcome recorded = oracle::load_recordings(given.folder, s.name);
    if (!recorded.error.empty())
        return recorded.error + '\n';
    if (given.kernel == local) {
        const oracle::expectation expected = oracle::expected_of_local(s, recorded.value, differences);
        return expected.error.empty() ? oracle::compare(expected.value, actual) : expected.error + '\n';
    }
    return oracle::check_guest(s, recorded.value, given.kernel, differences, actual);
}

int refuse(const std::string &reason) {
    std::fprintf(stderr, "%s\n", reason.c_str());
    return 2;
}

} // namespace

int main(int argc, char **argv) {
    options given;
    if (!parse(std::vector<std::string>(argv + 1, argv + argc), given))
        return refuse(usage);
    std::vector<oracle::difference> differences;
    if (!given.folder.empty()) {
        given.files = oracle::script_files(given.folder);
        const oracle::difference_list list = oracle::load_differences(given.folder + "/differences.toml");
        if (!list.error.empty())
            return refuse(list.error);
        differences = list.value;
    }
    std::size_t calls = 0;
    std::size_t failed = 0;
    for (const std::string &file : given.files) {
        const oracle::parse_outcome parsed = oracle::load_script(file);
        if (!parsed.error.empty())
            return refuse(parsed.error);
        const oracle::transcript t = oracle::run_script(parsed.value, *given.on);
        std::string trouble = unsound(t);
        if (given.folder.empty())
            std::fputs(oracle::to_text(t).c_str(), stdout);
        else
            trouble += check(given, differences, parsed.value, t);
        std::fputs(trouble.c_str(), stderr);
        calls += t.entries.size();
        failed += trouble.empty() ? 0 : 1;
    }
    std::fprintf(stderr, "oracle: %zu scripts, %zu calls, %zu scripts failed\n", given.files.size(), calls,
                 failed);
    return failed == 0 && calls != 0 ? 0 : 1;
}
