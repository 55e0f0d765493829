// SPDX-License-Identifier: BSD-3-Clause
#include "hasher_options.hpp"

#include "console.hpp"
#include "file.hpp"
#include "options.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace kcapi::tools {

namespace {

enum : int {
    option_quiet = 400,
    option_tag,
    option_help,
    option_binary,
    option_text,
    option_strict,
    option_ignore_missing,
    option_jobs
};

constexpr std::size_t most_key = 1U << 30;
// Letters of options without a value. With them alone behind -c it is a bundle, otherwise a file's name.
constexpr std::string_view flag_letters = "SLuqbPzvw";

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "What to compute"},
    {'n', "name", "NAME", "be that tool, such as sha256sum; as the first option only"},
    {'h', "hash", "HASH", "sha1 sha224 sha256 sha384 sha512 sm3 sha3-224 sha3-256 sha3-384 or sha3-512"},
    {'K', "key", "TEXT", "HMAC with this key"},
    {'k', "key-file", "FILE", "HMAC with the bytes of the file as the key"},
    {'u', "unkeyed", nullptr, "no HMAC, the plain hash"},
    {'t', "truncate", "BITS", "only the first bits, a multiple of 8; 0 for all"},
    {option_jobs, "jobs", "N", "use N processors (default all)"},
    {0, nullptr, nullptr, "Output"},
    {option_tag, "tag", nullptr, "BSD-style lines"},
    {'z', "zero", nullptr, "end lines with NUL, and do not escape names"},
    {option_binary, "binary", nullptr, "mark names with an asterisk"},
    {option_text, "text", nullptr, "mark names with a blank (the default)"},
    {'d', nullptr, "DIR", "directory for the check files of fipshmac"},
    {'b', nullptr, nullptr, "ignored"},
    {'P', nullptr, nullptr, "ignored"},
    {0, nullptr, nullptr, "Checking"},
    {'c', "check", "[FILE]", "read sums from the file, or from the operands or stdin, and check them"},
    {'T', "target", "FILE", "check this file in the place of the listed ones"},
    {'q', "status", nullptr, "no output, the exit status says it"},
    {option_quiet, "quiet", nullptr, "no line for files that are OK"},
    {'w', "warn", nullptr, "tell of every improperly formatted line"},
    {option_strict, "strict", nullptr, "fail if a line is improperly formatted"},
    {option_ignore_missing, "ignore-missing", nullptr, "do not fail for files that are not there"},
    {0, nullptr, nullptr, "Integrity of this program"},
    {'S', "self-sum", nullptr, "print the sum for the check file of this program"},
    {'L', "self-sum-lib", nullptr, "print that for the check file of its libkcapi"},
    {0, nullptr, nullptr, "Other"},
    {option_help, "help", nullptr, "this text"},
    {'v', "version", nullptr, "the version"},
});

secret key_from_file(const char *path) {
    const unique_fd fd(::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (fd.get() < 0)
        throw failure{1, "cannot open the key file " + std::string(path) + ": " + std::strerror(errno)};
    try {
        return read_secret(fd.get(), most_key, "the key file", "");
    } catch (failure &f) {
        f.status = 1;
        throw;
    }
}

std::size_t kept_bytes(const char *text) {
    const std::optional<std::uint64_t> bits = whole_number(text);
    if (!bits || *bits % 8 != 0)
        throw failure{1, "--truncate: '" + std::string(text) + "' is not a multiple of 8 bits",
                      "What other programs call -t is --text here."};
    return static_cast<std::size_t>(*bits / 8);
}

/// "-cq" is "-c -q", "-cLIST" is "-c LIST".
void take_check_value(hasher_options &o, std::vector<std::string> &lists, const char *value) {
    o.check = true;
    if (value == nullptr)
        return;
    const std::string_view text = value;
    if (text.find_first_not_of(flag_letters) != std::string_view::npos) {
        lists.emplace_back(text);
        return;
    }
    o.status_only = o.status_only || text.find('q') != std::string_view::npos;
    o.warn = o.warn || text.find('w') != std::string_view::npos;
    o.zero = o.zero || text.find('z') != std::string_view::npos;
    if (text.find('u') != std::string_view::npos)
        o.key.reset();
    if (text.find_first_of("SLv") != std::string_view::npos)
        fail_usage("--check excludes the other options in -c" + std::string(text));
}

void take(hasher_options &o, const given_option &g, std::vector<std::string> &lists) {
    switch (g.id) {
    case 'n':
        fail_usage("--name has to be the first option");
    case 'h':
        if (label_of(g.value).empty() || std::string_view(g.value) == "md5")
            fail_usage("--hash: '" + std::string(g.value) + "' is not known");
        o.hash = g.value;
        break;
    case 'K':
        o.key = secret(g.value, g.value + std::strlen(g.value));
        break;
    case 'k':
        o.key = key_from_file(g.value);
        break;
    case 'u':
        o.key.reset();
        break;
    case 't':
        o.kept_bytes = kept_bytes(g.value);
        break;
    case option_jobs: {
        const std::optional<std::uint64_t> n = whole_number(g.value);
        if (!n || *n == 0 || *n > 1024)
            fail_usage("--jobs is a number from 1 to 1024");
        o.jobs = static_cast<std::size_t>(*n);
        break;
    }
    case 'c':
        take_check_value(o, lists, g.value);
        break;
    case 'd':
        o.directory = g.value;
        break;
    case 'T':
        o.target = g.value;
        break;
    default:
        break;
    }
}

void check_combination(const hasher_options &o) {
    if (o.self_sum || o.self_sum_library) {
        if (o.check || !o.operands.empty())
            fail_usage("--self-sum and --self-sum-lib take no files and exclude --check");
        return;
    }
    if (o.hash.empty())
        fail_usage("no hash: --hash is needed");
    if (o.who->does == task::check_file) {
        if (o.check || !o.target.empty())
            fail_usage("fipscheck takes neither --check nor --target");
        if (o.operands.size() != 1)
            fail_usage("fipscheck takes one file");
    }
    if (!o.check && !o.target.empty())
        fail_usage("--target is for --check");
    if (!o.check && (o.strict || o.warn || o.ignore_missing || o.quiet))
        fail_usage("--strict, --warn, --ignore-missing and --quiet are for --check");
}

} // namespace

std::string hasher_help(std::string_view name) {
    return help_text("usage: " + std::string(name) + " [-n NAME] [OPTION]... [FILE]...\n", rows);
}

std::optional<hasher_options> parse_hasher_options(const personality &who, std::vector<char *> arguments) {
    const command_line line = parse_options(static_cast<int>(arguments.size()) - 1, arguments.data(), rows);
    if (line.has(option_help)) {
        put_error_line(hasher_help(tool_name()));
        return std::nullopt;
    }
    if (line.has('v')) {
        put_error_line(std::string(tool_name()) + ": " + library_version() + "\n");
        return std::nullopt;
    }
    hasher_options o;
    o.who = &who;
    o.hash = who.hash;
    if (const std::string_view key = text_of(who.key); !key.empty())
        o.key = secret(key.begin(), key.end());
    std::vector<std::string> lists;
    for (const given_option &g : line.options)
        take(o, g, lists);
    o.operands = std::move(lists);
    o.operands.insert(o.operands.end(), line.operands.begin(), line.operands.end());
    o.self_sum = line.has('S');
    o.self_sum_library = line.has('L');
    o.tagged = line.has(option_tag);
    o.zero = o.zero || line.has('z');
    o.binary = line.has(option_binary) && !line.has(option_text);
    o.quiet = line.has(option_quiet);
    o.status_only = o.status_only || line.has('q');
    o.warn = o.warn || line.has('w');
    o.strict = line.has(option_strict);
    o.ignore_missing = line.has(option_ignore_missing);
    check_combination(o);
    return o;
}

} // namespace kcapi::tools
