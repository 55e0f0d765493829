// SPDX-License-Identifier: BSD-3-Clause
#include "inventory.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>

namespace kcapi::tools {

namespace {

struct property {
    const char *name;
    const char *proc_name;
    std::size_t algorithm::*value;
};

// A new property of algorithms is one line here.
constexpr auto properties = std::to_array<property>({
    {"block_size", "blocksize", &algorithm::block_size},
    {"iv_size", "ivsize", &algorithm::iv_size},
    {"min_key_size", "min keysize", &algorithm::min_key_size},
    {"max_key_size", "max keysize", &algorithm::max_key_size},
    {"max_tag_size", "maxauthsize", &algorithm::max_tag_size},
    {"digest_size", "digestsize", &algorithm::digest_size},
    {"seed_size", "seedsize", &algorithm::seed_size},
});

std::string padded(std::string s, std::size_t width) {
    if (s.size() < width)
        s.append(width - s.size(), ' ');
    return s;
}

const char *name_of(engine e) noexcept {
    return e == engine::local ? "local" : e == engine::kernel ? "kernel" : "auto";
}

nlohmann::json as_json(const algorithm &a) {
    nlohmann::json j = {{"type", a.type},          {"name", a.name},         {"driver", a.driver_name},
                        {"engine", a.engine_name}, {"priority", a.priority}, {"hardware", a.hardware}};
    for (const property &p : properties)
        if (a.*p.value != 0)
            j[p.name] = a.*p.value;
    return j;
}

nlohmann::json as_json(const engine_answer &e) {
    if (e.error == 0)
        return as_json(e.served);
    return {{"error", e.error}, {"text", std::strerror(e.error)}, {"why", e.why}};
}

std::string sizes(const algorithm &a) {
    std::string s;
    for (const property &p : properties)
        if (a.*p.value != 0)
            s += (s.empty() ? "" : ", ") + std::string(p.proc_name) + " " + std::to_string(a.*p.value);
    return s;
}

} // namespace

std::string as_table(const std::vector<algorithm> &all) {
    std::size_t name = 4;
    std::size_t driver = 6;
    for (const algorithm &a : all) {
        name = std::max(name, a.name.size());
        driver = std::max(driver, a.driver_name.size());
    }
    std::string s =
        "TYPE      " + padded("NAME", name) + "  " + padded("DRIVER", driver) + "  PRIORITY  ENGINE\n";
    for (const algorithm &a : all) {
        const std::string priority = std::to_string(a.priority);
        s += padded(a.type, 10) + padded(a.name, name) + "  " + padded(a.driver_name, driver) + "  " +
             padded(priority, 8) + "  " + a.engine_name + (a.hardware ? " (hardware)" : "") + "\n";
    }
    return s;
}

std::string as_proc_crypto(const std::vector<algorithm> &all) {
    std::string s;
    const auto line = [&](const char *what, const std::string &value) {
        s += padded(what, 13) + ": " + value + "\n";
    };
    for (const algorithm &a : all) {
        line("name", a.name);
        line("driver", a.driver_name);
        line("priority", std::to_string(a.priority));
        line("type", a.type);
        for (const property &p : properties)
            if (a.*p.value != 0)
                line(p.proc_name, std::to_string(a.*p.value));
        s += "\n";
    }
    return s;
}

nlohmann::json as_json(const std::vector<algorithm> &all) {
    nlohmann::json j = nlohmann::json::array();
    for (const algorithm &a : all)
        j.push_back(as_json(a));
    return j;
}

std::string as_text(const std::vector<answer> &answers) {
    std::string s;
    for (const answer &a : answers) {
        s += a.type + " " + (a.chosen.error == 0 ? a.chosen.served.name : std::string("is not served here")) +
             "\n";
        if (a.chosen.error == 0) {
            s += "  served by  " + a.chosen.served.driver_name + ", " + a.chosen.served.engine_name +
                 " engine\n";
            s += "  because    " + a.reason + "\n";
            s += "  sizes      " + sizes(a.chosen.served) + "\n";
        }
        for (const engine_answer &e : a.engines) {
            s += "  " + padded(name_of(e.asked), 9) + "  ";
            s += e.error == 0 ? e.served.driver_name + ", priority " + std::to_string(e.served.priority)
                              : std::string("no: ") + std::strerror(e.error);
            s += "\n";
        }
    }
    return s;
}

nlohmann::json as_json(const std::vector<answer> &answers) {
    nlohmann::json j = nlohmann::json::array();
    for (const answer &a : answers) {
        nlohmann::json one = {{"type", a.type}, {"chosen", as_json(a.chosen)}, {"reason", a.reason}};
        for (const engine_answer &e : a.engines)
            one["engines"][name_of(e.asked)] = as_json(e);
        j.push_back(std::move(one));
    }
    return j;
}

} // namespace kcapi::tools
