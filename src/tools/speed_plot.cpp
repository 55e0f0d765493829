// SPDX-License-Identifier: BSD-3-Clause
#include "speed_plot.hpp"

#include "speed_gnuplot.hpp"
#include "speed_report.hpp"

#include <measure/host.hpp>
#include <measure/statistics.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <set>

namespace kcapi::tools {

namespace {

/// They differ in lightness too; where that is lost, dashes and points tell the lines apart.
constexpr std::array colours = {"#000000", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"};
constexpr std::size_t dashes = 5;
constexpr std::size_t points = 13;
constexpr std::size_t width = 900, plot_height = 480, line_height = 22;

struct line_of {
    const series *what;
    std::vector<const measured *> rows;
};

std::vector<line_of> lines_of(const std::vector<measured> &all) {
    std::vector<line_of> lines;
    for (const measured &m : all) {
        if (m.error != 0)
            continue;
        if (lines.empty() || lines.back().what != m.what)
            lines.push_back({m.what, {}});
        lines.back().rows.push_back(&m);
    }
    return lines;
}

/// A string of gnuplot's language in which nothing has a meaning. Names come from the kernel, too.
std::string quoted(const std::string &text) {
    std::string q = "'";
    for (const char c : text) {
        if (c == '\'')
            q += '\'';
        q += c >= 0x20 && c < 0x7f ? c : '?';
    }
    return q + "'";
}

std::string title_of(const series &s) {
    std::string title = s.name;
    if (s.has_direction())
        title += std::string(" ") + s.direction();
    return title + ", " + s.engine_name + (s.driver.empty() ? "" : ", " + s.driver);
}

std::string number(double value) {
    std::array<char, 32> text{};
    return {text.data(), static_cast<std::size_t>(std::snprintf(text.data(), text.size(), "%.9g", value))};
}

std::string data_of(const std::vector<line_of> &lines) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        text += "$line" + std::to_string(i) + " << END\n";
        for (const measured *const m : lines[i].rows)
            text += std::to_string(m->size) + " " + number(m->bytes_per_second() / 1e9) + " " +
                    number(measure::median(m->samples)) + "\n";
        text += "END\n";
    }
    return text;
}

/// How line `i` looks.
std::string style(std::size_t i) {
    return " with linespoints linewidth 1.5 linecolor rgb '" + std::string(colours[i % colours.size()]) +
           "' dashtype " + std::to_string(i % dashes + 1) + " pointtype " + std::to_string(i % points + 1);
}

std::string curves(const std::vector<line_of> &lines, int column) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += (i == 0 ? "plot $line" : ", $line") + std::to_string(i) +
                " using 1:" + std::to_string(column) + style(i) + " notitle";
    return text + "\n";
}

std::string key_entries(const std::vector<line_of> &lines) {
    std::string text;
    for (std::size_t i = 0; i < lines.size(); ++i)
        text += (i == 0 ? "plot " : ", ") + std::string("NaN") + style(i) + " title " +
                quoted(title_of(*lines[i].what));
    return text + "\n";
}

/// The parts of the picture: two plots of one height, and below them the key.
std::string layout(std::size_t lines, std::size_t height) {
    const double key = static_cast<double>(lines * line_height + 30) / static_cast<double>(height);
    const double each = (1 - key) / 2;
    return "upper = " + number(key + each) + "\nlower = " + number(key) + "\neach = " + number(each) + "\n";
}

/// At the sizes, as far as their texts have room.
std::string size_marks(const std::vector<line_of> &lines) {
    std::set<std::size_t> sizes;
    for (const line_of &l : lines)
        for (const measured *const m : l.rows)
            sizes.insert(m->size);
    std::string text;
    std::size_t last = 0;
    for (const std::size_t size : sizes)
        if (last == 0 || size >= 2 * last) {
            text += (text.empty() ? "" : ", ") + quoted(size_text(size)) + " " + std::to_string(size);
            last = size;
        }
    return "set xtics (" + text + ")\n";
}

std::string script_of(const std::vector<line_of> &lines, const speed_plan &plan) {
    std::size_t least = SIZE_MAX;
    std::size_t most = 0;
    for (const line_of &l : lines)
        for (const measured *const m : l.rows) {
            least = std::min(least, m->size);
            most = std::max(most, m->size);
        }
    const measure::facts host = measure::host_facts();
    std::string where;
    for (const auto &[name, value] : host)
        if (name == "cpu" || name == "kernel" || name == "library")
            where += (where.empty() ? "" : ", ") + value;
    const std::string how = std::string(plan.shape.name()) + ", " + std::to_string(plan.shape.messages()) +
                            " message(s) in a call, " + std::to_string(plan.threads) + " thread(s)";
    const std::size_t height = 2 * plot_height + lines.size() * line_height + 30;
    return data_of(lines) + layout(lines.size(), height) + "set terminal svg noenhanced size " +
           std::to_string(width) + "," + std::to_string(height) +
           " font 'sans,14' background '#ffffff'\n"
           "set multiplot\n" +
           size_marks(lines) +
           "set logscale x 2\n"
           "set xrange [" +
           number(static_cast<double>(least) / 1.3) + ":" + number(static_cast<double>(most) * 1.3) +
           "]\n"
           "set xlabel 'size of a message'\n"
           "set grid\n"
           "set lmargin 11\nset rmargin 3\n"
           "set size 1,each\n"
           "set origin 0,upper\n"
           "unset key\n"
           "set title " +
           quoted("Throughput: " + where) +
           "\n"
           "set ylabel 'throughput (GB/s = 10^9 bytes/s)'\n"
           "set yrange [0:*]\n" +
           curves(lines, 2) +
           "set origin 0,lower\n"
           "set title " +
           quoted("Cost of a call: " + how) +
           "\n"
           "set ylabel 'time of a call (ns)'\n"
           "set logscale y 10\n"
           "set yrange [*:*]\n" +
           curves(lines, 3) +
           // The key is a third plot without anything in it: so its height takes nothing from the others.
           "set size 1,lower\nset origin 0,0\n"
           "unset title\nunset xlabel\nunset ylabel\nunset grid\nunset border\nunset tics\nunset logscale\n"
           "set lmargin 0\nset rmargin 0\nset tmargin 0\nset bmargin 0\n"
           "set xrange [0:1]\nset yrange [0:1]\n"
           "set key center center maxcols 1 Left reverse samplen 6\n" +
           key_entries(lines) + "unset multiplot\n";
}

} // namespace

std::string plot(const std::vector<measured> &all, const speed_plan &plan) {
    const std::vector<line_of> lines = lines_of(all);
    return lines.empty() ? std::string() : drawn_by_gnuplot(script_of(lines, plan));
}

} // namespace kcapi::tools
