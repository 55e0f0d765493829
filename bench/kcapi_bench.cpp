// SPDX-License-Identifier: BSD-3-Clause
//
// Measures the local engine against direct EVP calls; bench/README.md says how to read it.
#include "report.hpp"

#include <getopt.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace {

constexpr const char *usage =
    "usage: kcapi_bench [--quick] [--filter TEXT] [--json FILE] [--gate] [--list]\n"
    "  --quick        short samples: to see that it works, not how fast\n"
    "  --filter TEXT  only cases whose name contains TEXT, such as \"ctr(aes)/enc/one-shot\"\n"
    "  --json FILE    the results as JSON lines as well\n"
    "  --gate         exit status 1 if a goal is not reached\n"
    "  --list         names of the cases, and nothing else\n";

struct options {
    std::string filter;
    std::string json;
    bool quick = false;
    bool gate = false;
    bool list = false;
};

options parse(int argc, char **argv) {
    constexpr std::array<option, 7> known{{{"quick", no_argument, nullptr, 'q'},
                                           {"filter", required_argument, nullptr, 'f'},
                                           {"json", required_argument, nullptr, 'j'},
                                           {"gate", no_argument, nullptr, 'g'},
                                           {"list", no_argument, nullptr, 'l'},
                                           {"help", no_argument, nullptr, 'h'},
                                           {nullptr, 0, nullptr, 0}}};
    options o;
    for (int c = 0; (c = getopt_long(argc, argv, "", known.data(), nullptr)) != -1;)
        switch (c) {
        case 'q':
            o.quick = true;
            break;
        case 'f':
            o.filter = optarg;
            break;
        case 'j':
            o.json = optarg;
            break;
        case 'g':
            o.gate = true;
            break;
        case 'l':
            o.list = true;
            break;
        default:
            std::fputs(usage, c == 'h' ? stdout : stderr);
            std::exit(c == 'h' ? EXIT_SUCCESS : EXIT_FAILURE);
        }
    if (optind < argc) {
        std::fputs(usage, stderr);
        std::exit(EXIT_FAILURE);
    }
    return o;
}

bool write_file(const std::string &name, const std::vector<bench::measurement> &measurements,
                const std::vector<bench::goal> &goals) {
    std::FILE *const to = std::fopen(name.c_str(), "we");
    if (to == nullptr)
        return false;
    bench::write_json(to, measurements, goals);
    const bool written = std::ferror(to) == 0;
    return std::fclose(to) == 0 && written;
}

} // namespace

int main(int argc, char **argv) {
    const options o = parse(argc, argv);
    const std::vector<bench::bench_case> cases = bench::cases(o.filter);
    if (cases.empty()) {
        std::fprintf(stderr, "kcapi_bench: no case has \"%s\" in its name; see --list\n", o.filter.c_str());
        return EXIT_FAILURE;
    }
    if (o.list) {
        for (const bench::bench_case &c : cases)
            std::puts(bench::case_name(c).c_str());
        return EXIT_SUCCESS;
    }
    const bench::effort effort = o.quick ? bench::effort{9, 0.0001} : bench::effort{201, 0.00025};
    bench::print_host(effort);
    bench::print_head();
    std::vector<bench::measurement> measurements;
    for (const bench::bench_case &c : cases) {
        measurements.push_back(bench::measure(c, effort));
        bench::print_row(measurements.back());
    }
    const std::vector<bench::goal> goals = bench::judge(measurements);
    bench::print_costs(measurements);
    bench::print_limits(measurements);
    bench::print_goals(goals);
    if (!o.json.empty() && !write_file(o.json, measurements, goals)) {
        std::fprintf(stderr, "kcapi_bench: cannot write %s: %s\n", o.json.c_str(), std::strerror(errno));
        return EXIT_FAILURE;
    }
    if (!o.gate)
        return EXIT_SUCCESS;
    return bench::all_reached(goals) ? EXIT_SUCCESS : EXIT_FAILURE;
}
