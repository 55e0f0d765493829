// SPDX-License-Identifier: BSD-3-Clause
//
// Two older forms of vector files, which vectors.hpp does not read:
// - NIST's validity tests (.fax): "name = value" in hexadecimal, sections in brackets, "Result = P (why)" at
//   the end of each case. What stands before the first case of a section holds for all of its cases.
// - RSA Laboratories' (.txt): "# Name:" and the value in hexadecimal over several lines.
#pragma once

#include "support/vectors.hpp"

#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace kcapi::test {

using octets = std::vector<std::uint8_t>;

struct listed_case {
    std::string section;
    std::map<std::string, std::string> values;

    [[nodiscard]] octets bytes(const std::string &name, std::size_t size = 0) const {
        octets value = from_hex(values.at(name));
        if (value.size() < size)
            value.insert(value.begin(), size - value.size(), std::uint8_t{0});
        return value;
    }
    [[nodiscard]] const std::string &result() const { return values.at("Result"); }
    [[nodiscard]] bool passes() const { return result().starts_with("P"); }
};

/// Every case of a validity test whose section begins with `section`.
inline std::vector<listed_case> read_validity_cases(const std::string &path, const std::string &section) {
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot open " + path);
    std::vector<listed_case> cases;
    listed_case common;
    listed_case current;
    bool in_case = false;
    for (std::string line; std::getline(file, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        if (line.starts_with('[')) {
            common = {line.substr(1), {}};
            in_case = false;
        }
        const std::size_t equals = line.find(" = ");
        if (equals == std::string::npos || line.starts_with('#') || line.starts_with('['))
            continue;
        const std::string name = line.substr(0, equals);
        std::string value = line.substr(equals + 3);
        if (name == "COUNT") {
            current = common;
            in_case = true;
        }
        if (name != "COUNT" && name != "Result" && value.size() % 2 != 0)
            value.insert(0, "0");
        (in_case ? current : common).values[name] = value;
        if (name == "Result" && in_case && current.section.starts_with(section))
            cases.push_back(current);
    }
    if (cases.empty())
        throw std::runtime_error("no cases in " + path);
    return cases;
}

/// The named values in their order.
inline std::vector<std::pair<std::string, octets>> read_titled_values(const std::string &path) {
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error("cannot open " + path);
    std::vector<std::pair<std::string, octets>> all;
    bool open = false;
    for (std::string line; std::getline(file, line);) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
            line.pop_back();
        if (line.starts_with("# ") && line.ends_with(':')) {
            all.emplace_back(line.substr(2, line.size() - 3), octets());
            open = true;
        } else if (line.empty() || line.starts_with('#')) {
            open = false;
        } else if (open) {
            std::string digits;
            for (const char c : line)
                if (c != ' ')
                    digits += c;
            const octets more = from_hex(digits);
            all.back().second.insert(all.back().second.end(), more.begin(), more.end());
        }
    }
    return all;
}

/// DER of a sequence of numbers.
inline octets der_element(std::uint8_t tag, const octets &contents) {
    octets out{tag};
    if (contents.size() < 0x80) {
        out.push_back(static_cast<std::uint8_t>(contents.size()));
    } else if (contents.size() < 0x100) {
        out.insert(out.end(), {0x81, static_cast<std::uint8_t>(contents.size())});
    } else {
        out.insert(out.end(), {0x82, static_cast<std::uint8_t>(contents.size() >> 8),
                               static_cast<std::uint8_t>(contents.size())});
    }
    out.insert(out.end(), contents.begin(), contents.end());
    return out;
}
inline octets der_integer(octets big_endian) {
    while (big_endian.size() > 1 && big_endian[0] == 0 && (big_endian[1] & 0x80) == 0)
        big_endian.erase(big_endian.begin());
    if (big_endian.empty() || (big_endian[0] & 0x80) != 0)
        big_endian.insert(big_endian.begin(), std::uint8_t{0});
    return der_element(0x02, big_endian);
}
inline octets der_numbers(const std::vector<octets> &numbers) {
    octets all;
    for (const octets &n : numbers) {
        const octets one = der_integer(n);
        all.insert(all.end(), one.begin(), one.end());
    }
    return der_element(0x30, all);
}

} // namespace kcapi::test
