// SPDX-License-Identifier: BSD-3-Clause
#include "kcapi_calls.hpp"
#include "machine_limit.hpp"
#include "report.hpp"

namespace bench {

namespace {

/// A JSON string (RFC 8259, section 7).
std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        // Control characters have no place in names and versions; a blank is as good.
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
}

void write_timing(std::FILE *to, const timing &t) {
    std::fprintf(
        to, "{\"name\":%s,\"ns\":%.3f,\"ns_p10\":%.3f,\"ns_p90\":%.3f,\"allocations_per_call\":%.4f}",
        quoted(t.name).c_str(), median(t.samples), quantile(t.samples, 0.1), quantile(t.samples, 0.9),
        static_cast<double>(t.allocations) / static_cast<double>(counted_calls));
}

void write_row(std::FILE *to, const measurement &m) {
    std::fprintf(to,
                 "{\"kind\":\"row\",\"algorithm\":%s,\"direction\":\"%s\",\"engine\":\"local\",\"driver\":%s,"
                 "\"path\":\"%s\",\"size\":%zu,\"rounds\":%zu,\"contenders\":[",
                 quoted(m.what.what->algorithm).c_str(), direction_name(m.what),
                 quoted(kcapi_driver(m.what)).c_str(), path_name(m.what.how), m.what.size,
                 m.timings[0].samples.size());
    for (std::size_t i = 0; i < m.timings.size(); ++i) {
        std::fputs(i == 0 ? "" : ",", to);
        write_timing(to, m.timings[i]);
    }
    std::fputs("],\"ratios\":{", to);
    for (std::size_t i = 1; i < m.timings.size(); ++i) {
        const ratio r = against(m, i);
        std::fprintf(to, "%s%s:{\"value\":%.4f,\"spread\":%.4f,\"of_medians\":%.4f}", i == 1 ? "" : ",",
                     quoted(m.timings[i].name).c_str(), r.value, r.spread, r.of_medians);
    }
    std::fputs("}}\n", to);
}

} // namespace

void write_json(std::FILE *to, const std::vector<measurement> &measurements, const std::vector<goal> &goals) {
    std::fputs("{\"kind\":\"host\"", to);
    for (const auto &[name, value] : host_facts())
        std::fprintf(to, ",%s:%s", quoted(name).c_str(), quoted(value).c_str());
    std::fputs("}\n", to);
    for (const measurement &m : measurements)
        write_row(to, m);
    if (*no_machine_limit() != '\0')
        std::fprintf(to, "{\"kind\":\"no limit\",\"why\":%s}\n", quoted(no_machine_limit()).c_str());
    for (const goal &g : goals)
        std::fprintf(to,
                     "{\"kind\":\"goal\",\"name\":%s,\"value\":%.4f,\"limit\":%.2f,\"relation\":\"%s\","
                     "\"spread\":%.4f,\"reached\":%s}\n",
                     quoted(g.name).c_str(), g.value, g.limit, g.at_least ? ">=" : "<=", g.spread,
                     g.reached() ? "true" : "false");
}

} // namespace bench
