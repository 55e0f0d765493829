// SPDX-License-Identifier: BSD-3-Clause
#include "names/list.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kcapi::test {

namespace {

std::vector<std::string> lines_of(const std::string &file) {
    std::ifstream in(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);)
        if (!line.empty() && line[0] != '#')
            lines.push_back(line);
    if (lines.empty())
        throw std::runtime_error("nothing in " + file);
    return lines;
}

} // namespace

name_list recorded_names(const std::string &folder, const std::string &kernel) {
    name_list list;
    for (const std::string &line : lines_of(folder + '/' + kernel + ".names")) {
        name_record r = parse_record(line);
        if (!list.emplace(std::pair(r.type, r.name), r).second)
            throw std::runtime_error("twice: " + line);
    }
    return list;
}

std::vector<missing_pattern> missing_patterns(const std::string &file) {
    std::vector<missing_pattern> list;
    constexpr std::string_view without = "without ";
    std::string reason, module;
    for (const std::string &line : lines_of(file)) {
        if (line.front() == '[' && line.back() == ']') {
            reason = line.substr(1, line.size() - 2);
            module.clear();
            if (const std::size_t colon = reason.find(": ");
                reason.starts_with(without) && colon != std::string::npos) {
                module = reason.substr(without.size(), colon - without.size());
                reason = reason.substr(colon + 2);
            }
            continue;
        }
        std::istringstream words(line);
        missing_pattern p{reason, module, {}, {}};
        if (reason.empty() || !(words >> p.type >> p.name))
            throw std::runtime_error("no reason, or not a type and a name: " + line);
        list.push_back(std::move(p));
    }
    return list;
}

std::vector<refused_name> refused_names(const std::string &file) {
    std::vector<refused_name> list;
    for (const std::string &line : lines_of(file)) {
        std::istringstream words(line);
        refused_name r;
        words >> r.number >> r.type;
        const std::size_t begin = line.find('"');
        if (!words || begin == std::string::npos || line.size() < begin + 2 || line.back() != '"' ||
            !alg::kind_from_name(r.type))
            throw std::runtime_error("not a number, a type and a name: " + line);
        r.name = line.substr(begin + 1, line.size() - begin - 2);
        list.push_back(std::move(r));
    }
    return list;
}

std::vector<missing_pattern> missing_patterns(const std::string &file,
                                              const std::vector<std::string> &modules) {
    std::vector<missing_pattern> here = missing_patterns(file);
    std::erase_if(here, [&](const missing_pattern &p) {
        return std::find(modules.begin(), modules.end(), p.without) != modules.end();
    });
    return here;
}

bool matches(const missing_pattern &p, const std::string &type, const std::string &name) {
    return p.type == type && ::fnmatch(p.name.c_str(), name.c_str(), 0) == 0;
}

const missing_pattern *find_missing(const std::vector<missing_pattern> &list, const std::string &type,
                                    const std::string &name) {
    const auto found = std::find_if(list.begin(), list.end(),
                                    [&](const missing_pattern &p) { return matches(p, type, name); });
    return found == list.end() ? nullptr : &*found;
}

} // namespace kcapi::test
