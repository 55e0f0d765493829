// SPDX-License-Identifier: BSD-3-Clause
#include "oracle/compare.hpp"

#include <algorithm>
#include <set>

namespace kcapi::oracle {

namespace {

constexpr std::size_t steps_before = 4;
constexpr std::size_t most_places = 5;

std::string place(const transcript &t, std::size_t i) {
    const std::size_t line = t.entries[i].line;
    return "step " + std::to_string(i + 1) + (line != 0 ? ", line " + std::to_string(line) : "");
}

std::string around(const transcript &expected, const transcript &actual, std::size_t i) {
    std::string out = actual.script + ": " + place(actual, i) + ": " + actual.entries[i].call + '\n';
    for (std::size_t k = i - std::min(i, steps_before); k < i; ++k)
        out += "    before:   " + actual.entries[k].call + "  = " + actual.entries[k].result + '\n';
    if (expected.entries[i].call != actual.entries[i].call)
        out += "    recorded for another call: " + expected.entries[i].call + " (record again)\n";
    out += "    expected: " + expected.entries[i].result + '\n';
    out += "    actual:   " + actual.entries[i].result + '\n';
    return out;
}

/// The recording of a kernel with the script's line numbers in it.
std::string numbered(const script &s, const recordings &recorded, const std::string &kernel,
                     transcript &out) {
    const auto found = recorded.find(kernel);
    if (found == recorded.end())
        return s.name + ": there is no recording of " + kernel;
    out = found->second;
    if (out.entries.size() != s.steps.size())
        return s.name + ": the recording of " + kernel + " has other steps than the script; record again";
    for (std::size_t i = 0; i < s.steps.size(); ++i) {
        if (out.entries[i].call != to_text(s.steps[i]))
            return s.name + ": line " + std::to_string(s.steps[i].line) + ": the recording of " + kernel +
                   " has \"" + out.entries[i].call + "\"; record again";
        out.entries[i].line = s.steps[i].line;
    }
    return "";
}

std::string complain(const difference &d, std::size_t line, const std::string &reason) {
    return "differences.toml:" + std::to_string(d.at) + ": " + d.script + " line " + std::to_string(line) +
           ": " + reason;
}

/// Puts into `t` what the entry says about one line.
std::string apply(const difference &d, std::size_t line, const transcript &other, transcript &t) {
    std::size_t steps = 0;
    std::size_t changed = 0;
    for (std::size_t i = 0; i < t.entries.size(); ++i) {
        if (t.entries[i].line != line)
            continue;
        const std::string &now = d.follows.empty() ? d.result : other.entries[i].result;
        ++steps;
        changed += t.entries[i].result == now ? 0 : 1;
        t.entries[i].result = now;
    }
    if (steps == 0)
        return complain(d, line, "the script has no call there");
    if (changed == 0)
        return complain(d, line, "there is no difference");
    if (d.follows.empty() && (steps != 1 || d.lines.size() != 1))
        return complain(d, line, "a result of its own can serve one call only");
    return "";
}

std::string apply(const difference &d, const script &s, const recordings &recorded, transcript &t) {
    transcript other;
    if (!d.follows.empty())
        if (const std::string error = numbered(s, recorded, d.follows, other); !error.empty())
            return error;
    for (const std::size_t line : d.lines)
        if (const std::string error = apply(d, line, other, t); !error.empty())
            return error;
    return "";
}

std::set<std::size_t> lines_where_kernels_differ(const script &s,
                                                 const std::vector<difference> &differences) {
    std::set<std::size_t> lines;
    for (const difference &d : differences)
        if (d.side != "local" && d.script == s.name)
            lines.insert(d.lines.begin(), d.lines.end());
    return lines;
}

} // namespace

std::string compare(const transcript &expected, const transcript &actual) {
    if (expected.script != actual.script)
        return "transcripts of two scripts: " + expected.script + " and " + actual.script + '\n';
    std::string out;
    std::size_t places = 0;
    const std::size_t common = std::min(expected.entries.size(), actual.entries.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (expected.entries[i] == actual.entries[i])
            continue;
        if (places++ < most_places)
            out += around(expected, actual, i);
    }
    if (places > most_places)
        out += "    and " + std::to_string(places - most_places) + " more\n";
    if (expected.entries.size() != actual.entries.size())
        out += actual.script + ": " + std::to_string(expected.entries.size()) + " steps expected, " +
               std::to_string(actual.entries.size()) + " made (record again)\n";
    return out;
}

expectation expected_of_local(const script &s, const recordings &recorded,
                              const std::vector<difference> &differences) {
    expectation out;
    out.error = numbered(s, recorded, reference_kernel, out.value);
    for (const difference &d : differences)
        if (out.error.empty() && d.side == "local" && d.script == s.name)
            out.error = apply(d, s, recorded, out.value);
    return out;
}

std::string check_kernel(const script &s, const recordings &recorded, const std::string &kernel,
                         const std::vector<difference> &differences) {
    transcript reference;
    transcript other;
    if (const std::string error = numbered(s, recorded, reference_kernel, reference); !error.empty())
        return error;
    if (const std::string error = numbered(s, recorded, kernel, other); !error.empty())
        return error;
    std::set<std::size_t> listed;
    for (const difference &d : differences)
        if (d.side == kernel && d.script == s.name)
            listed.insert(d.lines.begin(), d.lines.end());
    std::string out;
    std::set<std::size_t> parting;
    for (std::size_t i = 0; i < s.steps.size(); ++i) {
        if (reference.entries[i] == other.entries[i])
            continue;
        if (parting.insert(s.steps[i].line).second && listed.count(s.steps[i].line) == 0)
            out += kernel + " parts from " + reference_kernel +
                   ", and differences.toml does not say so: " + around(reference, other, i);
    }
    for (const difference &d : differences)
        if (d.side == kernel && d.script == s.name)
            for (const std::size_t line : d.lines)
                if (parting.count(line) == 0)
                    out += complain(d, line, "there is no difference") + '\n';
    return out;
}

std::string check_guest(const script &s, const recordings &recorded, const std::string &kernel,
                        const std::vector<difference> &differences, const transcript &actual) {
    transcript expected;
    if (const std::string error = numbered(s, recorded, kernel, expected); !error.empty())
        return error + '\n';
    const std::set<std::size_t> varying = lines_where_kernels_differ(s, differences);
    for (const auto &[other, t] : recorded)
        for (std::size_t i = 0; i < std::min(actual.entries.size(), t.entries.size()); ++i)
            if (varying.count(actual.entries[i].line) != 0 && actual.entries[i] == t.entries[i])
                expected.entries[i].result = t.entries[i].result;
    return compare(expected, actual);
}

} // namespace kcapi::oracle
