// SPDX-License-Identifier: BSD-3-Clause
//
// Records what a kernel says of names:  record_names LIST... > 6.12.names
//
//   tests/kernel/run.py --kernel 6.12 --file tests/names/6.12.names --timeout 900
//       --job "names:build/dev/tests/names/record_names /job/6.12.names"
//
// Each LIST is one of the recorded lists; of a line the first two words count. A name that the kernel does
// not bind is left out, with its number on the standard error. --local asks the local engine instead.
//
// Netlink describes the newest implementation of a name, bind takes the best. They differ for stdrng once
// ansi_cprng was used: of stdrng in 6.12.names the seed size is the DRBG's, as in 6.1.names.
#include "afalg/engine.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "names/probe.hpp"

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

} // namespace

int main(int count, char **arguments) try {
    std::vector<std::string> files(arguments + 1, arguments + count);
    const bool local = !files.empty() && files[0] == "--local";
    if (local)
        files.erase(files.begin());
    const std::unique_ptr<alg::engine> engine =
        local ? local::make_engine(local::linked_modules(), {}) : afalg::make_engine();
    return record(*engine, files);
} catch (const std::exception &e) {
    std::fprintf(stderr, "record_names: %s\n", e.what());
    return 1;
}
