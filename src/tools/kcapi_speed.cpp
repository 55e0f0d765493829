// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-speed: how fast the library is here, by algorithm, size, engine and driver; kcapi-speed(1).
#include "console.hpp"
#include "output.hpp"
#include "speed_plot.hpp"
#include "speed_report.hpp"
#include "text_out.hpp"

namespace {

using namespace kcapi::tools;

constexpr int option_version = 290;

void prepare(std::optional<output> &to, const char *path) {
    if (path == nullptr)
        return;
    to.emplace(path);
    to->need_place();
}

void write_whole(output &to, const std::string &text) {
    to.write(kcapi::bytes_of(std::string_view(text)));
    to.commit();
}

std::vector<measured> measure_all(const std::vector<series> &all, const speed_plan &plan) {
    text_out out;
    if (!plan.raw)
        out.put(table_head(plan));
    out.flush();
    std::vector<measured> rows;
    progress shown("measuring", all.size() * plan.sizes.size(), plan.progress, progress_unit::tests);
    for (const series &s : all)
        for (const std::size_t size : plan.sizes) {
            rows.push_back(measure_row(s, size, plan));
            shown.hide();
            out.put(plan.raw ? raw_row(rows.back()) : table_row(rows.back()));
            out.flush();
            shown.add(1);
        }
    return rows;
}

int run(int argc, char **argv) {
    const command_line line = parse_options(argc, argv, speed_options());
    text_out out;
    if (line.has('h')) {
        out.put(help_text("usage: kcapi-speed [OPTION]... [ALGORITHM]...\n"
                          "Without ALGORITHM, --cipher and --all: a choice of common ones.\n",
                          speed_options()));
        out.flush();
        return 0;
    }
    if (line.has(option_version)) {
        out.put("kcapi-speed: " + library_version() + "\n");
        out.flush();
        return 0;
    }
    const speed_plan plan = speed_plan_of(line);
    set_level(level::warning);
    kcapi_set_verbosity(KCAPI_LOG_NONE); // what cannot be measured is told in its row
    const std::vector<series> all = series_of(plan);
    if (plan.list) {
        for (const series &s : all)
            out.put(list_row(s));
        out.flush();
        return 0;
    }
    // What cannot be written or drawn is found out before an hour was spent.
    std::optional<output> json;
    std::optional<output> picture;
    prepare(json, plan.json);
    prepare(picture, plan.plot);
    if (picture)
        need_gnuplot();
    const std::vector<measured> rows = measure_all(all, plan);
    if (json)
        write_whole(*json, json_lines(rows, plan));
    const std::string drawn = picture ? plot(rows, plan) : std::string();
    if (!drawn.empty())
        write_whole(*picture, drawn);
    // With a list of algorithms, what cannot be measured is no failure.
    if (plan.beginnings.empty())
        for (const measured &m : rows)
            if (m.error != 0)
                return status_of(m.error);
    return 0;
}

} // namespace

int main(int argc, char **argv) { return run_tool("kcapi-speed", argc, argv, run); }
