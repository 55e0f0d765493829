// SPDX-License-Identifier: BSD-3-Clause
//
// Records what a kernel says of names:  record_names LIST... > 6.12.names
//
//   tests/kernel/run.py --kernel 6.12 --file tests/names/6.12.names --timeout 900
//       --job "names:build/dev/tests/names/record_names /job/6.12.names"
//
// Each LIST is one of the recorded lists; of a line the first two words count. A name that the kernel does
// not bind is left out, with its number on the standard error. With --refused it is the other way round: LIST
// is 6.12.refused, and the numbers of what the kernel does not bind are recorded. --local asks the local
// engine instead. Linux 7.3 binds everything with --sysctl crypto.af_alg_restrict=0 only.
#include "afalg/engine.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "names/list.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <set>

namespace {

using namespace kcapi;

int record(alg::engine &engine, const std::vector<std::string> &files) {
    std::set<std::pair<std::string, std::string>> seen;
    for (const std::string &file : files) {
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) {
            const test::name_record wanted = test::parse_record(line);
            if (!seen.emplace(wanted.type, wanted.name).second)
                continue;
            const result<test::name_record> r = test::probe(engine, wanted.type, wanted.name);
            if (r)
                std::printf("%s\n", test::text_of(*r).c_str());
            else
                std::fprintf(stderr, "%s %s: %s\n", wanted.type.c_str(), wanted.name.c_str(),
                             ::strerrorname_np(r.error().code));
            std::fflush(stdout);
        }
    }
    return seen.empty() ? 1 : 0;
}

int record_refused(alg::engine &engine, const std::vector<std::string> &files) {
    std::size_t count = 0;
    for (const std::string &file : files)
        for (const test::refused_name &wanted : test::refused_names(file)) {
            ++count;
            const auto t = engine.open(alg::kind_from_name(wanted.type).value(), wanted.name);
            if (t)
                std::fprintf(stderr, "%s \"%s\" is %s\n", wanted.type.c_str(), wanted.name.c_str(),
                             (*t)->info().driver_name.c_str());
            else
                std::printf("%s %s \"%s\"\n", ::strerrorname_np(t.error().code), wanted.type.c_str(),
                            wanted.name.c_str());
            std::fflush(stdout);
        }
    return count == 0 ? 1 : 0;
}

} // namespace

int main(int count, char **arguments) try {
    std::vector<std::string> files(arguments + 1, arguments + count);
    const auto is_given = [&](const char *option) { return std::erase(files, option) != 0; };
    const bool local = is_given("--local");
    const bool refused = is_given("--refused");
    const std::unique_ptr<alg::engine> engine =
        local ? local::make_engine(local::linked_modules(), {}) : afalg::make_engine();
    return (refused ? record_refused : record)(*engine, files);
} catch (const std::exception &e) {
    std::fprintf(stderr, "record_names: %s\n", e.what());
    return 1;
}
