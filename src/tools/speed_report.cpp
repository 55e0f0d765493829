// SPDX-License-Identifier: BSD-3-Clause
#include "speed_report.hpp"

#include <measure/host.hpp>
#include <measure/statistics.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <tuple>

namespace kcapi::tools {

namespace {

template <class... Values>
std::string formatted(const char *form, Values... values) {
    std::array<char, 512> text{};
    const int n = std::snprintf(text.data(), text.size(), form, values...);
    return {text.data(), std::min(static_cast<std::size_t>(std::max(n, 0)), text.size() - 1)};
}

std::string rate_text(double per_second, const char *of) {
    for (const auto &[unit, name] : {std::pair{1e9, "G"}, {1e6, "M"}, {1e3, "k"}})
        if (per_second >= unit)
            return formatted("%.2f %s%s", per_second / unit, name, of);
    return formatted("%.0f %s", per_second, of);
}

double spread_percent(const measured &m) {
    return 100 * measure::median_deviation(m.samples) / measure::median(m.samples);
}

} // namespace

std::string size_text(std::size_t bytes) {
    if (bytes >= 1048576 && bytes % 1048576 == 0)
        return std::to_string(bytes >> 20) + " MiB";
    if (bytes >= 1024 && bytes % 1024 == 0)
        return std::to_string(bytes >> 10) + " KiB";
    return std::to_string(bytes) + " B";
}

std::string table_head(const speed_plan &plan) {
    std::string head;
    for (const auto &[name, value] : measure::host_facts())
        head += formatted("%-9s %s\n", name.c_str(), value.c_str());
    head += formatted("%-9s %s, %zu in a call, %zu thread%s, %g s each row\n\n", "calls", plan.shape.name(),
                      plan.shape.messages(), plan.threads, plan.threads == 1 ? "" : "s", plan.seconds);
    return head + formatted("%-20s %-3s %-6s %-26s %8s %10s %5s %11s\n", "algorithm", "", "engine", "driver",
                            "size", "ns a call", "+-%", "rate");
}

std::string table_row(const measured &m) {
    const series &s = *m.what;
    const std::string begin = formatted("%-20s %-3s %-6s %-26s %8s ", s.name.c_str(), s.direction(),
                                        s.engine_name.c_str(), s.driver.c_str(), size_text(m.size).c_str());
    if (m.error != 0)
        return begin + "not measured: " + m.why + "\n";
    const double ns = measure::median(m.samples);
    return begin + formatted("%10.*f %5.1f %11s\n", ns < 1e6 ? 1 : 0, ns, spread_percent(m),
                             rate_text(m.bytes_per_second(), "B/s").c_str());
}

std::string raw_row(const measured &m) {
    if (m.error != 0)
        return {};
    // As with the original, what has no direction is shown as decryption.
    const bool encrypts = m.what->has_direction() && m.what->encrypt;
    return formatted("%s,%s,%zu,%.0f,%.0f\n", m.what->name.c_str(), encrypts ? "e" : "d", m.size * m.messages,
                     m.bytes_per_second(), m.calls_per_second);
}

std::string list_row(const series &s) {
    const bool encrypts = s.has_direction() && s.encrypt;
    return formatted("%-9s | %-35s | %s | %s\n", s.type.c_str(), s.name.c_str(), s.driver.c_str(),
                     encrypts ? "e" : "d");
}

std::string json_lines(const std::vector<measured> &all, const speed_plan &plan) {
    const auto line = [](const nlohmann::ordered_json &j) {
        return j.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
    };
    nlohmann::ordered_json host{{"kind", "host"}};
    for (const auto &[name, value] : measure::host_facts())
        host[name] = value;
    std::string text = line(host);
    for (const measured &m : all) {
        const series &s = *m.what;
        nlohmann::ordered_json row{{"kind", "row"},
                                   {"type", s.type},
                                   {"algorithm", s.name},
                                   {"direction", s.direction()},
                                   {"engine", s.engine_name},
                                   {"driver", s.driver},
                                   {"path", plan.shape.name()},
                                   {"size", m.size},
                                   {"messages", m.messages},
                                   {"threads", plan.threads}};
        if (m.error != 0) {
            row["error"] = m.error;
            row["why"] = m.why;
        } else {
            row["samples"] = m.samples.size();
            row["calls"] = m.calls;
            row["ns"] = measure::median(m.samples);
            row["ns_p10"] = measure::quantile(m.samples, 0.1);
            row["ns_p90"] = measure::quantile(m.samples, 0.9);
            row["bytes_per_second"] = m.bytes_per_second();
            row["calls_per_second"] = m.calls_per_second;
            row["processor_share"] = m.processor_share;
        }
        text += line(row);
    }
    return text;
}

} // namespace kcapi::tools
