// SPDX-License-Identifier: BSD-3-Clause
//
// The cases of kcapi_bench for Google Benchmark: one contender at a time, with that library's options and
// output, for looking at one number or for a profiler. For a comparison take kcapi_bench, which measures in
// turns.
#include "cases.hpp"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <optional>

namespace {

void run(benchmark::State &state, const bench::bench_case &c, std::size_t who) {
    constexpr std::int64_t calls = 16;
    // Made here, so that a filter leaves the others unmade.
    const bench::contender contender = bench::contenders_of(c).at(who);
    while (state.KeepRunningBatch(calls))
        contender.run(calls);
    if (c.size != 0)
        state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(c.size));
}

void add(const bench::bench_case &c) {
    const std::string name = bench::case_name(c);
    benchmark::RegisterBenchmark(("kcapi/" + name).c_str(), run, c, std::size_t{0});
    benchmark::RegisterBenchmark(("evp/" + name).c_str(), run, c, std::size_t{1});
}

} // namespace

int main(int argc, char **argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 1;
    for (const bench::bench_case &c : bench::cases(""))
        add(c);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
