// SPDX-License-Identifier: BSD-3-Clause
//
// What the first use of a name costs: the look-up and the self tests of whoever serves it and of its parts;
// and all that together with what the libraries do on their own first use. A process of its own for every
// sample; its processor time, so that a busy machine shows less.
//
//   selftest_times [--limit MICROSECONDS] [--samples N] FILE...
//
// Each line of a FILE begins with a type and a name, as in tests/names. Prints both medians of each, the
// slowest self tests last. With a limit, the exit status is 1 if the self tests of a name take longer.
#include "alg/engine.hpp"
#include "local/modules.hpp"
#include "local/registry.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

namespace {

using namespace kcapi;

using name = std::pair<std::string, std::string>;

local::driver_kind kind_of(const std::string &type) {
    if (type == "skcipher")
        return local::driver_kind::skcipher;
    if (type == "aead")
        return local::driver_kind::aead;
    return type == "hash" ? local::driver_kind::hash : local::driver_kind::rng;
}

double processor_time() {
    timespec t{};
    (void)::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) / 1e3;
}

/// One of each library, and of OpenSSL's legacy provider.
void use_libraries() {
    local::registry r(local::linked_modules(), {});
    (void)r.find(local::driver_kind::hash, "sha256-openssl");
    (void)r.find(local::driver_kind::skcipher, "cbc-blowfish-openssl");
    (void)r.find(local::driver_kind::hash, "sha256-gcrypt");
}

/// In microseconds; negative if there is nothing by that name.
double first_use(const name &n, bool libraries_are_ready) {
    if (libraries_are_ready)
        use_libraries();
    const double begun = processor_time();
    local::registry r(local::linked_modules(), {});
    return r.find(kind_of(n.first), n.second) ? processor_time() - begun : -1;
}

double sample(const name &n, bool libraries_are_ready) {
    int ends[2];
    if (::pipe(ends) != 0)
        throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child < 0)
        throw std::runtime_error("no process");
    if (child == 0) {
        const double time = first_use(n, libraries_are_ready);
        ::_exit(::write(ends[1], &time, sizeof time) == sizeof time ? 0 : 1);
    }
    (void)::close(ends[1]);
    double time = -1;
    const bool told = ::read(ends[0], &time, sizeof time) == sizeof time;
    (void)::close(ends[0]);
    int status = 0;
    (void)::waitpid(child, &status, 0);
    if (!told || status != 0)
        throw std::runtime_error("a process failed at " + n.second);
    return time;
}

double median(const name &n, bool libraries_are_ready, int samples) {
    std::vector<double> times;
    for (int i = 0; i < samples; ++i)
        times.push_back(sample(n, libraries_are_ready));
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

std::set<name> names_of(const std::vector<std::string> &files) {
    std::set<name> names;
    for (const std::string &file : files) {
        std::ifstream in(file);
        for (std::string line; std::getline(in, line);) {
            name n;
            if (std::istringstream(line) >> n.first >> n.second)
                names.insert(n);
        }
    }
    return names;
}

struct row {
    double self_tests;
    double all;
    name what;
};

int run(double limit, int samples, const std::vector<std::string> &files) {
    std::vector<row> rows;
    std::size_t absent = 0;
    for (const name &n : names_of(files)) {
        const double time = median(n, true, samples);
        if (time < 0)
            ++absent;
        else
            rows.push_back({time, median(n, false, samples), n});
    }
    if (rows.empty())
        throw std::runtime_error("no names");
    std::sort(rows.begin(), rows.end(),
              [](const row &a, const row &b) { return a.self_tests < b.self_tests; });
    std::size_t above = 0;
    std::puts("self tests     and libraries");
    for (const row &r : rows) {
        const bool slow = limit > 0 && r.self_tests > limit;
        above += slow;
        std::printf("%9.1f us  %9.1f us  %-8s %s%s\n", r.self_tests, r.all, r.what.first.c_str(),
                    r.what.second.c_str(), slow ? "  ABOVE THE LIMIT" : "");
    }
    std::printf("%zu names, self tests: median %.1f us, slowest %.1f us; %zu names are not there",
                rows.size(), rows[rows.size() / 2].self_tests, rows.back().self_tests, absent);
    if (limit > 0)
        std::printf("; %zu above the limit of %.0f us", above, limit);
    std::puts("");
    return above != 0 ? 1 : 0;
}

} // namespace

int main(int count, char **arguments) try {
    double limit = 0;
    int samples = 5;
    std::vector<std::string> files;
    for (int i = 1; i < count; ++i) {
        const bool has_value = i + 1 < count;
        if (std::strcmp(arguments[i], "--limit") == 0 && has_value)
            limit = std::stod(arguments[++i]);
        else if (std::strcmp(arguments[i], "--samples") == 0 && has_value)
            samples = std::stoi(arguments[++i]);
        else
            files.emplace_back(arguments[i]);
    }
    return run(limit, std::max(samples, 1), files);
} catch (const std::exception &e) {
    std::fprintf(stderr, "selftest_times: %s\n", e.what());
    return 2;
}
