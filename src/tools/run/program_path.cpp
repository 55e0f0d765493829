// SPDX-License-Identifier: BSD-3-Clause
#include "program_path.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace kcapi::tools {

namespace {

constexpr std::string_view default_search = "/bin:/usr/bin";
/// As much of a script as the kernel looks at.
constexpr std::size_t line_length = 256;
constexpr std::string_view blanks = " \t";

int why_not_executable(const std::string &path) noexcept {
    struct ::stat s {};
    if (::stat(path.c_str(), &s) != 0)
        return errno == ENOTDIR ? ENOENT : errno;
    if (!S_ISREG(s.st_mode) || ::eaccess(path.c_str(), X_OK) != 0)
        return EACCES;
    return 0;
}

std::string_view trimmed(std::string_view s) noexcept {
    s.remove_prefix(std::min(s.find_first_not_of(blanks), s.size()));
    const std::size_t last = s.find_last_not_of(blanks);
    return s.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The first word of `s`, cut off it with the blanks behind.
std::string_view take_word(std::string_view &s) noexcept {
    const std::string_view word = s.substr(0, s.find_first_of(blanks));
    s.remove_prefix(word.size());
    s.remove_prefix(std::min(s.find_first_not_of(blanks), s.size()));
    return word;
}

} // namespace

found_program find_program(std::string_view name, std::string_view search) {
    if (name.empty())
        return {{}, ENOENT};
    if (name.find('/') != std::string_view::npos) {
        std::string path(name);
        const int code = why_not_executable(path);
        return code == 0 ? found_program{std::move(path), 0} : found_program{{}, code};
    }
    if (search.empty())
        search = default_search;
    int code = ENOENT;
    for (;;) {
        const std::size_t colon = search.find(':');
        const std::string_view folder = search.substr(0, colon);
        std::string path = folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
        const int here = why_not_executable(path);
        if (here == 0)
            return {folder.empty() ? "./" + path : std::move(path), 0};
        if (here == EACCES)
            code = EACCES;
        if (colon == std::string_view::npos)
            return {{}, code};
        search.remove_prefix(colon + 1);
    }
}

script_line read_script_line(int fd) {
    std::array<char, line_length> begin{};
    const ssize_t n = ::pread(fd, begin.data(), begin.size(), 0);
    std::string_view text(begin.data(), n > 0 ? static_cast<std::size_t>(n) : 0);
    if (!text.starts_with("#!"))
        return {};
    text.remove_prefix(2);
    text = trimmed(text.substr(0, text.find('\n')));
    text = text.substr(0, text.find('\0'));
    const std::string interpreter(take_word(text));
    return {true, interpreter, std::string(text)};
}

std::string command_of_env(std::string_view argument) {
    for (;;) {
        const std::string_view word = take_word(argument);
        // -S says that the words behind it are several; settings of variables come before the command.
        if (word.starts_with("-S") && word.size() > 2)
            return std::string(word.substr(2));
        const bool passed_over = word == "-S" || word == "-i" || word == "-" || word == "--split-string" ||
                                 (!word.starts_with('-') && word.find('=') != std::string_view::npos);
        if (!passed_over)
            return word.starts_with('-') ? std::string() : std::string(word);
    }
}

} // namespace kcapi::tools
