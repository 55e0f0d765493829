// SPDX-License-Identifier: BSD-3-Clause
#include "console.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>

namespace kcapi::tools {

namespace {

constexpr std::size_t name_shown = 15;

std::string &name_slot() {
    static std::string name;
    return name;
}

level shown_level = level::warning;

std::string_view text_of(level l) noexcept {
    switch (l) {
    case level::error:
        return "Error";
    case level::warning:
        return "Warning";
    case level::verbose:
        return "Verbose";
    default:
        return "Debug";
    }
}

/// A closed descriptor is replaced by one that fails in the direction in which it will be used.
void take_standard_descriptors() noexcept {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/// Control characters of a file's name must not reach the terminal.
std::string printable(std::string_view text) {
    std::string shown(text);
    for (char &c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            c = '?';
    return shown;
}

int report(const failure &f) {
    say(level::error, f.text);
    if (!f.hint.empty() && says(level::error))
        put_error_line("  " + printable(f.hint) + "\n");
    return f.status;
}

} // namespace

void set_tool_name(std::string_view name) { name_slot() = name; }
std::string_view tool_name() noexcept { return name_slot(); }

void set_level(level l) noexcept {
    shown_level = l;
    kcapi_set_verbosity(static_cast<kcapi_verbosity>(l));
}

bool says(level l) noexcept { return l <= shown_level; }

void put_error_line(std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; // there is nobody left to tell
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

void say(level l, std::string_view text) {
    if (!says(l))
        return;
    std::string line(tool_name().substr(0, name_shown));
    line.append(" - ").append(text_of(l)).append(": ").append(printable(text)).append("\n");
    put_error_line(line);
}

void complain(std::string_view text) {
    put_error_line(std::string(tool_name()) + ": " + printable(text) + "\n");
}

void fail(int code, std::string_view what, std::string_view hint) {
    throw failure{status_of(code), std::string(what) + ": " + std::strerror(code), std::string(hint)};
}

void fail_usage(std::string_view what) {
    throw failure{1, std::string(what), std::string(tool_name()) + " --help lists the options."};
}

std::string library_version() {
    std::array<char, 40> text{};
    kcapi_versionstring(text.data(), text.size());
    return text.data();
}

int run_tool(std::string_view name, int argc, char **argv, int (*body)(int, char **)) {
    take_standard_descriptors();
    set_tool_name(name);
    try {
        set_level(level::warning);
        return body(argc, argv);
    } catch (const failure &f) {
        return report(f);
    } catch (const kcapi::exception &e) {
        return report({status_of(e.code().value()), e.what()});
    } catch (const std::bad_alloc &) {
        return report({status_of(ENOMEM), "out of memory"});
    }
}

} // namespace kcapi::tools
