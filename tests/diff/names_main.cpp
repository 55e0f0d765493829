// SPDX-License-Identifier: BSD-3-Clause
//
// The kernel against the local engine, name by name: random keys, IVs, lengths and call splits for each name
// of a recorded list. Prints a line per name, and of each that differs the smallest case found.
//
//   diff_names --names FOLDER --kernel ID [--cases N] [--seed N] [--seconds N] [--only PATTERN] [--same]
//
// --names     where ID.names and missing.txt are
// --cases     of each name (default 100); of generators a twentieth, since most collect entropy for each
// --seconds   ends after so long, with fewer cases of every name; where even binding them all takes longer,
//             the seed says which names come first
// --only      names that the pattern fits, as in file names
// --same      the local engine on both sides, for a machine without AF_ALG
#include "diff/case_run.hpp"
#include "local/engine.hpp"
#include "local/modules.hpp"
#include "names/list.hpp"

#include <fnmatch.h>

#include <charconv>
#include <cstdio>
#include <cstring>
#include <exception>

namespace {

using namespace kcapi;
using diff::name_report;
using clock = std::chrono::steady_clock;

struct options {
    std::string folder;
    std::string kernel;
    std::size_t cases = 100;
    std::uint64_t seed = std::random_device{}();
    std::size_t seconds = 0;
    std::string only = "*";
    bool same = false;
};

template <class Number>
bool read(const char *text, Number &value) {
    const char *const end = text + std::strlen(text);
    const auto [stop, failure] = std::from_chars(text, end, value);
    return failure == std::errc() && stop == end;
}

bool parse(int count, char **arguments, options &o) {
    for (int i = 1; i < count; ++i) {
        const std::string_view word = arguments[i];
        if (word == "--same") {
            o.same = true;
            continue;
        }
        if (++i == count)
            return false;
        bool right = true;
        if (word == "--names")
            o.folder = arguments[i];
        else if (word == "--kernel")
            o.kernel = arguments[i];
        else if (word == "--only")
            o.only = arguments[i];
        else if (word == "--cases")
            right = read(arguments[i], o.cases);
        else if (word == "--seed")
            right = read(arguments[i], o.seed);
        else
            right = word == "--seconds" && read(arguments[i], o.seconds);
        if (!right)
            return false;
    }
    return !o.folder.empty() && !o.kernel.empty();
}

std::unique_ptr<oracle::backend> local_backend() {
    return oracle::make_seam_backend(local::make_engine(local::linked_modules(), {}));
}

/// From here on every name is worth a line.
constexpr std::size_t full = 1000;

struct subject {
    test::name_record name;
    name_report report;
    clock::duration spent{};
};

std::vector<subject> subjects_of(const options &o) {
    std::vector<std::string> modules;
    for (const local::module *const m : local::linked_modules())
        modules.emplace_back(m->name);
    const auto missing = test::missing_patterns(o.folder + "/missing.txt", modules);
    std::vector<subject> out;
    for (const auto &[key, r] : test::recorded_names(o.folder, o.kernel))
        if (test::find_missing(missing, r.type, r.name) == nullptr &&
            ::fnmatch(o.only.c_str(), r.name.c_str(), 0) == 0)
            out.push_back({r, {}, {}});
    return out;
}

/// So that each seed has its own first names, of all types.
void mix(std::vector<subject> &all, std::uint64_t seed) {
    for (std::size_t i = all.size(); i > 1; --i)
        std::swap(all[i - 1], all[diff::seed_of_case(seed, all[i - 1].name, i) % i]);
}

void print(const subject &s) {
    std::printf("%-8s %-48s %6zu cases %7zu calls %6zu outputs %5zu differ %7.1f s\n", s.name.type.c_str(),
                s.name.name.c_str(), s.report.cases, s.report.calls, s.report.outputs, s.report.differing,
                std::chrono::duration<double>(s.spent).count());
    std::printf("%s", s.report.example.c_str());
    std::fflush(stdout);
}

/// Linux finds fips(ansi_cprng) only once the module is there, and that name does not ask for it. And where
/// this module comes first, it is stdrng.
void load_generators_in_order(oracle::backend &kernel) {
    for (const char *const name : {"stdrng", "ansi_cprng"})
        if (const oracle::handle h = kernel.open("rng", name); h >= 0)
            kernel.close(h);
}

int run(const options &o) {
    const auto kernel = o.same ? local_backend() : oracle::make_sockets_backend();
    load_generators_in_order(*kernel);
    const auto local = local_backend();
    std::vector<subject> all = subjects_of(o);
    if (o.seconds != 0)
        mix(all, o.seed);
    std::printf("Linux %s, --seed %llu, %zu names, --cases %zu\n", o.kernel.c_str(),
                static_cast<unsigned long long>(o.seed), all.size(), o.cases);
    const auto begun = clock::now();
    const auto over = [&] {
        return o.seconds != 0 && clock::now() - begun > std::chrono::seconds(o.seconds);
    };
    // With a limit all names get a few before any gets more.
    const std::size_t at_a_time = o.seconds == 0 ? o.cases : 4;
    for (std::size_t done = 0; done < o.cases && !over(); done += at_a_time)
        for (subject &s : all) {
            const std::size_t wanted = s.name.type == "rng" ? (o.cases + 19) / 20 : o.cases;
            const diff::case_sides sides{*kernel, *local, diff::ways_of(o.kernel, s.name)};
            const auto from = clock::now();
            for (std::size_t i = done; i < std::min(done + at_a_time, wanted) && !over(); ++i)
                diff::run_case(sides, s.name, diff::seed_of_case(o.seed, s.name, i), s.report);
            s.spent += clock::now() - from;
            if (o.seconds == 0)
                print(s);
        }
    name_report sum;
    std::size_t differing = 0;
    std::size_t untried = 0;
    std::size_t silent = 0;
    for (const subject &s : all) {
        if (o.seconds != 0 && (o.cases >= full || s.report.differing != 0))
            print(s);
        sum.cases += s.report.cases;
        sum.calls += s.report.calls;
        sum.outputs += s.report.outputs;
        sum.differing += s.report.differing;
        differing += s.report.differing != 0;
        untried += s.report.cases == 0;
        silent += s.report.cases >= 20 && s.report.outputs == 0;
    }
    std::printf(
        "%zu names, %zu cases, %zu calls, %zu outputs; %zu cases of %zu names differ; %zu names were not "
        "tried, %zu gave nothing\n",
        all.size(), sum.cases, sum.calls, sum.outputs, sum.differing, differing, untried, silent);
    return sum.cases == 0 || differing != 0 || (untried != 0 && o.seconds == 0) ? 1 : 0;
}

} // namespace

int main(int count, char **arguments) try {
    options o;
    if (parse(count, arguments, o))
        return run(o);
    std::fprintf(stderr, "usage: diff_names --names FOLDER --kernel ID [--cases N] [--seed N] [--seconds N] "
                         "[--only PATTERN] [--same]\n");
    return 2;
} catch (const std::exception &e) {
    std::fprintf(stderr, "diff_names: %s\n", e.what());
    return 1;
}
