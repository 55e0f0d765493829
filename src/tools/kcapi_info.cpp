// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-info: what the library has here, who serves it and why; kcapi-info(1).
#include "console.hpp"
#include "doctor.hpp"
#include "inventory.hpp"
#include "options.hpp"
#include "text_out.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace {

using namespace kcapi::tools;

enum : int { option_json = 400, option_doctor, option_proc, option_engine, option_version };

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "What to show, instead of a list of all algorithms"},
    {option_doctor, "doctor", nullptr, "examine what works on this system, and say what to do"},
    {option_proc, "proc", nullptr, "list as /proc/crypto does; by default that of the local engine"},
    {0, nullptr, nullptr, "How"},
    {option_engine, "engine", "ENGINE", "list what auto, local or kernel has (default auto)"},
    {option_json, "json", nullptr, "as JSON"},
    {0, nullptr, nullptr, "Other"},
    {'h', "help", nullptr, "this text"},
    {option_version, "version", nullptr, "the version"},
});

constexpr int json_indent = 2;

kcapi::engine engine_of(std::string_view text) {
    if (text == "auto")
        return kcapi::engine::automatic;
    if (text == "local")
        return kcapi::engine::local;
    if (text == "kernel")
        return kcapi::engine::kernel;
    fail_usage("--engine is auto, local or kernel");
}

/// Texts of the system may be in any encoding.
std::string dump(const nlohmann::json &j) {
    return j.dump(json_indent, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

int show_algorithms(const std::vector<std::string> &names, bool json, text_out &out) {
    int status = 0;
    nlohmann::json all = nlohmann::json::object();
    for (const std::string &name : names) {
        const std::vector<answer> answers = ask_for(name);
        if (answers.empty()) {
            complain(
                name +
                ": no engine has it; kcapi-info lists what there is, kcapi-info --doctor what is missing");
            status = 1;
        }
        if (json)
            all[name] = as_json(answers);
        else
            out.put(as_text(answers));
    }
    if (json)
        out.put(dump(all));
    return status;
}

int run(int argc, char **argv) {
    const command_line line = parse_options(argc, argv, rows);
    text_out out;
    if (line.has('h')) {
        out.put(help_text("usage: kcapi-info [OPTION]... [NAME]...\n"
                          "With NAME, such as 'gcm(aes)': who serves that algorithm, and why.\n",
                          rows));
        out.flush();
        return 0;
    }
    if (line.has(option_version)) {
        out.put("kcapi-info: " + library_version() + "\n");
        out.flush();
        return 0;
    }
    set_level(level::error);
    kcapi_set_verbosity(KCAPI_LOG_NONE); // a refusal is an answer here
    const bool json = line.has(option_json);
    const char *const on = line.last(option_engine);
    if (!line.operands.empty() && (line.has(option_doctor) || line.has(option_proc) || on != nullptr))
        fail_usage("a name excludes --doctor, --proc and --engine");
    int status = 0;
    if (line.has(option_doctor)) {
        const std::vector<finding> all = examine();
        out.put(json ? dump(as_json(all)) : as_text(all));
        status = usable(all) ? 0 : 1;
    } else if (!line.operands.empty()) {
        status = show_algorithms(line.operands, json, out);
    } else {
        const bool proc = line.has(option_proc);
        const std::vector<kcapi::algorithm> all = list_sorted(on != nullptr ? engine_of(on)
                                                              : proc        ? kcapi::engine::local
                                                                            : kcapi::engine::automatic);
        out.put(json ? dump(as_json(all)) : proc ? as_proc_crypto(all) : as_table(all));
    }
    out.flush();
    return status;
}

} // namespace

int main(int argc, char **argv) { return run_tool("kcapi-info", argc, argv, run); }
