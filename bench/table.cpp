// SPDX-License-Identifier: BSD-3-Clause
#include "machine_limit.hpp"
#include "report.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace bench {

namespace {

constexpr std::size_t evp = 1;

std::string size_text(std::size_t size) {
    if (size >= 1048576)
        return std::to_string(size >> 20) + " MiB";
    if (size >= 1024)
        return std::to_string(size >> 10) + " KiB";
    return std::to_string(size) + " B";
}

/// Bytes, or iterations.
std::string amount_text(const bench_case &c) {
    if (c.size == 0)
        return "-";
    return c.how == path::pbkdf2 ? std::to_string(c.size) : size_text(c.size);
}

std::string speed_text(double bytes, double nanoseconds) {
    if (bytes == 0)
        return "-";
    std::string text(16, '\0');
    text.resize(
        static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.2f", bytes / nanoseconds)));
    return text;
}

std::string ratio_text(const measurement &m, std::string_view other) {
    const std::optional<std::size_t> index = m.index_of(other);
    if (!index)
        return "-";
    const ratio r = against(m, *index);
    std::string text(24, '\0');
    text.resize(static_cast<std::size_t>(
        std::snprintf(text.data(), text.size(), "%5.2f +- %.2f", r.value, r.spread)));
    return text;
}

std::optional<line> costs(const std::vector<measurement> &measurements, const measurement &like,
                          std::size_t who) {
    std::vector<double> sizes;
    std::vector<double> times;
    for (const measurement &m : measurements)
        if (m.what.what == like.what.what && m.what.how == like.what.how) {
            sizes.push_back(static_cast<double>(m.what.size));
            times.push_back(median(m.timings.at(who).samples));
        }
    if (sizes.size() < 3)
        return std::nullopt;
    return fit_relative(sizes, times);
}

} // namespace

kcapi::measure::facts host_facts() {
    kcapi::measure::facts all = kcapi::measure::host_facts();
    all.emplace_back("openssl", OpenSSL_version(OPENSSL_VERSION));
    return all;
}

void print_host(const effort &e) {
    for (const auto &[name, value] : host_facts())
        std::printf("%-9s %s\n", name.c_str(), value.c_str());
    std::printf("samples   %zu of each contender, %.2f ms each, in turns\n\n", e.rounds,
                e.sample_seconds * 1e3);
}

void print_head() {
    std::printf("%-17s%-9s%7s %9s %6s %9s %6s  %-13s%-13s%s\n", "algorithm", "path", "size", "kcapi ns",
                "GB/s", "EVP ns", "GB/s", "against EVP", "ag. itself", "alloc");
}

/// So that slow machines stay within the column.
int decimals(double nanoseconds) { return nanoseconds < 1e6 ? 1 : 0; }

void print_row(const measurement &m) {
    const double ours = median(m.timings[0].samples);
    const double theirs = median(m.timings[evp].samples);
    const bool has_bytes = m.what.how != path::set_up && m.what.how != path::pbkdf2;
    const std::size_t whole = m.what.how == path::batch ? m.what.size * batch_messages : m.what.size;
    const double bytes = has_bytes ? static_cast<double>(whole) : 0;
    const char *name = m.what.what->algorithm;
    if (std::strlen(name) > 12) {
        std::puts(name);
        name = "";
    }
    std::printf("%-12s %-4s%-9s%7s %9.*f %6s %9.*f %6s  %-13s%-13s%.2g\n", name, direction_name(m.what),
                path_name(m.what.how), amount_text(m.what).c_str(), decimals(ours), ours,
                speed_text(bytes, ours).c_str(), decimals(theirs), theirs, speed_text(bytes, theirs).c_str(),
                ratio_text(m, "evp").c_str(),
                ratio_text(m, m.what.how == path::threads ? one_thread_name : "one-shot").c_str(),
                static_cast<double>(m.timings[0].allocations) / static_cast<double>(counted_calls));
    std::fflush(stdout);
}

void print_costs(const std::vector<measurement> &measurements) {
    std::printf("\n%-40s%14s %12s %14s %12s\n", "cost of a call", "kcapi ns", "then GB/s", "EVP ns",
                "then GB/s");
    const measurement *last = nullptr;
    for (const measurement &m : measurements) {
        const bool again = last != nullptr && last->what.what == m.what.what && last->what.how == m.what.how;
        last = &m;
        if (again || m.what.how == path::pbkdf2 || m.what.how == path::batch || m.what.how == path::threads)
            continue;
        const std::optional<line> ours = costs(measurements, m, 0);
        const std::optional<line> theirs = costs(measurements, m, evp);
        if (ours && theirs)
            std::printf("%-26s %-4s%-9s%14.1f %12.2f %14.1f %12.2f\n", m.what.what->algorithm,
                        direction_name(m.what), path_name(m.what.how), ours->fixed, 1 / ours->slope,
                        theirs->fixed, 1 / theirs->slope);
    }
}

void print_limits(const std::vector<measurement> &measurements) {
    if (*no_machine_limit() != '\0') {
        std::printf("\nmachine's limit: not measured, %s\n", no_machine_limit());
        return;
    }
    std::printf("\n%-37s%12s %12s  %s\n", "machine's limit, VAES over registers", "limit GB/s", "kcapi GB/s",
                "share");
    for (const measurement &m : measurements)
        if (const std::optional<std::size_t> limit = m.index_of(limit_name)) {
            const auto bytes = static_cast<double>(m.what.size);
            std::printf("%-12s %-4s%-9s%11s%12s %12s  %s\n", m.what.what->algorithm, direction_name(m.what),
                        path_name(m.what.how), amount_text(m.what).c_str(),
                        speed_text(bytes, median(m.timings[*limit].samples)).c_str(),
                        speed_text(bytes, median(m.timings[0].samples)).c_str(),
                        ratio_text(m, limit_name).c_str());
        }
}

void print_goals(const std::vector<goal> &goals) {
    std::printf("\n%-62s %8s %7s %8s\n", "goal", "measured", "+-", "limit");
    for (const goal &g : goals)
        std::printf("%-62s %8.3f %7.3f %s %5.2f  %s\n", g.name.c_str(), g.value, g.spread,
                    g.at_least ? ">=" : "<=", g.limit, g.reached() ? "pass" : "SHORT");
}

} // namespace bench
