// SPDX-License-Identifier: BSD-3-Clause
#include "speed_plan.hpp"

#include "failure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace kcapi::tools {

namespace {

enum : int {
    option_engine = 400,
    option_driver,
    option_direction,
    option_size,
    option_batch,
    option_threads,
    option_json,
    option_plot,
    option_progress,
    option_no_progress,
    option_version = 290
};

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "What to measure"},
    {'a', "all", nullptr, "every algorithm that the engine lists"},
    {'c', "cipher", "NAME", "all whose name, driver or type (hash, skcipher, rng, aead) begins with NAME"},
    {option_engine, "engine", "ENGINE",
     "auto, local or kernel, several with commas (default: as KCAPI_ENGINE says)"},
    {option_driver, "driver", "DRIVER", "a driver, or those of a library, such as openssl; all of them: all"},
    {option_direction, "direction", "DIR", "enc, dec or both (default both)"},
    {'l', "list", nullptr, "list what could be measured, and measure nothing"},
    {0, nullptr, nullptr, "How"},
    {option_size, "size", "N,...", "bytes of a message, with K or M times 1024 or 1048576"},
    {'b', "blocks", "N", "messages of N blocks of the algorithm, instead of --size"},
    {option_batch, "batch", "N", "N messages in one call"},
    {'o', "aio", "N", "N messages in one call of the aio functions"},
    {'v', "vmsplice", nullptr, "give the kernel data by reference"},
    {'s', "sendmsg", nullptr, "give the kernel data by copy"},
    {option_threads, "threads", "N", "as many threads, each with a handle of its own"},
    {'t', "time", "SECONDS", "how long to measure each row (default 0.25)"},
    {0, nullptr, nullptr, "Output"},
    {'r', "raw", nullptr, "lines NAME,e|d,BYTES,BYTES/S,CALLS/S instead of the table"},
    {option_json, "json", "FILE", "the results as JSON lines as well"},
    {option_plot, "plot", "FILE.svg", "a plot of them as well; needs gnuplot"},
    {option_progress, "progress", nullptr, "show how far the work is, also off a terminal"},
    {option_no_progress, "no-progress", nullptr, "never show it"},
    {0, nullptr, nullptr, "Other"},
    {'h', "help", nullptr, "this text"},
    {option_version, "version", nullptr, "the version"},
});

constexpr std::size_t most_threads = 1024;
constexpr std::size_t most_messages = 65536;
constexpr std::size_t largest_size = std::size_t{1} << 30;
constexpr double longest_time = 3600;

std::vector<std::string> words_of(const std::string &text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        words.push_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return words;
}

std::size_t number(const char *option, const char *text, std::size_t most) {
    const std::optional<std::uint64_t> n = whole_number(text);
    if (!n || *n == 0 || *n > most)
        fail_usage(std::string(option) + " is a number from 1 to " + std::to_string(most));
    return static_cast<std::size_t>(*n);
}

std::size_t size_of(std::string text) {
    std::size_t unit = 1;
    if (!text.empty() && (text.back() == 'K' || text.back() == 'M')) {
        unit = text.back() == 'K' ? 1024 : 1048576;
        text.pop_back();
    }
    const std::optional<std::uint64_t> n = whole_number(text.c_str());
    if (!n || *n == 0 || *n > largest_size / unit)
        fail_usage("--size is a number of bytes from 1 to 1024M, such as 4096, 16K or 1M");
    return static_cast<std::size_t>(*n) * unit;
}

double seconds_of(const char *text) {
    char *end = nullptr;
    const double seconds = std::strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds > 0) || seconds > longest_time)
        fail_usage("--time is a number of seconds above 0, such as 0.5");
    return seconds;
}

engine engine_of(const std::string &text) {
    if (text == "auto")
        return engine::automatic;
    if (text == "local")
        return engine::local;
    if (text == "kernel")
        return engine::kernel;
    fail_usage("--engine is auto, local or kernel, or several of them with commas");
}

void set_direction(speed_plan &plan, const std::string &text) {
    if (text != "enc" && text != "dec" && text != "both")
        fail_usage("--direction is enc, dec or both");
    plan.encrypt = text != "dec";
    plan.decrypt = text != "enc";
}

void take(speed_plan &plan, const given_option &o) {
    switch (o.id) {
    case 'a':
        plan.beginnings.emplace_back();
        break;
    case 'c':
        plan.beginnings.emplace_back(o.value);
        break;
    case option_engine:
        for (const std::string &word : words_of(o.value))
            plan.engines.push_back(engine_of(word));
        break;
    case option_driver:
        plan.drivers.emplace_back(o.value);
        break;
    case option_direction:
        set_direction(plan, o.value);
        break;
    case 'l':
        plan.list = true;
        break;
    case option_size:
        for (std::string &word : words_of(o.value))
            plan.sizes.push_back(size_of(std::move(word)));
        break;
    case 'b':
        plan.sizes = {number("--blocks", o.value, largest_size / 128)};
        plan.in_blocks = true;
        break;
    case option_batch:
        plan.shape.batch = number("--batch", o.value, most_messages);
        break;
    case 'o':
        plan.shape.aio = number("--aio", o.value, most_messages);
        break;
    case 'v':
        plan.shape.access = KCAPI_ACCESS_VMSPLICE;
        break;
    case 's':
        plan.shape.access = KCAPI_ACCESS_SENDMSG;
        break;
    case option_threads:
        plan.threads = number("--threads", o.value, most_threads);
        break;
    case 't':
        plan.seconds = seconds_of(o.value);
        break;
    case 'r':
        plan.raw = true;
        break;
    case option_json:
        plan.json = o.value;
        break;
    case option_plot:
        plan.plot = o.value;
        break;
    case option_progress:
        plan.progress = progress_mode::always;
        break;
    case option_no_progress:
        plan.progress = progress_mode::never;
        break;
    default:
        break;
    }
}

} // namespace

std::span<const option_row> speed_options() { return rows; }

speed_plan speed_plan_of(const command_line &line) {
    speed_plan plan;
    for (const given_option &o : line.options)
        take(plan, o);
    plan.names = line.operands;
    if (line.has('b') && line.has(option_size))
        fail_usage("--blocks and --size exclude each other");
    if (line.has('o') && line.has(option_batch))
        fail_usage("--aio and --batch exclude each other");
    if (line.has('v') && line.has('s'))
        fail_usage("--vmsplice and --sendmsg exclude each other");
    if (plan.plot != nullptr && !std::string_view(plan.plot).ends_with(".svg"))
        fail_usage("--plot writes SVG: the name of its file ends with .svg");
    if (plan.engines.empty())
        plan.engines.emplace_back();
    if (plan.sizes.empty())
        plan.sizes = {16, 64, 256, 1024, 4096, 16384, 65536};
    std::sort(plan.sizes.begin(), plan.sizes.end());
    plan.sizes.erase(std::unique(plan.sizes.begin(), plan.sizes.end()), plan.sizes.end());
    if (plan.names.empty() && plan.beginnings.empty() && plan.list)
        plan.beginnings.emplace_back();
    if (plan.names.empty() && plan.beginnings.empty())
        plan.names = {"cbc(aes)", "ctr(aes)", "xts(aes)", "gcm(aes)", "sha256", "hmac(sha256)", "stdrng"};
    return plan;
}

} // namespace kcapi::tools
