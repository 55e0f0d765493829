// SPDX-License-Identifier: BSD-3-Clause
#include "servable.hpp"

#include "elf_file.hpp"
#include "file.hpp"
#include "privileges.hpp"
#include "program_path.hpp"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

namespace kcapi::tools {

namespace {

/// How many interpreters may stand behind each other; the kernel takes five.
constexpr std::size_t max_files = 6;

std::string_view base_name(std::string_view path) noexcept {
    return path.substr(path.rfind('/') + 1); // npos + 1 is 0
}

/// The dynamic linker of the C library that this program and the shim are for.
const std::string &own_interpreter() {
    static const std::string name = [] {
        const unique_fd self(::open("/proc/self/exe", O_RDONLY | O_CLOEXEC));
        const result<elf_facts> own = read_elf(self.get());
        return own ? std::string(base_name(own->interpreter)) : std::string();
    }();
    return name;
}

verdict &&refused(verdict &v, obstacle what, std::string reason) {
    v.what = what;
    v.reason = std::move(reason);
    return std::move(v);
}

verdict judge_elf(verdict v, const elf_facts &facts) {
    if (!facts.is_native)
        return refused(
            v, obstacle::not_loaded,
            "it is for another machine or word size than the shim, which its dynamic linker leaves "
            "out");
    if (facts.interpreter.empty())
        return refused(v, obstacle::not_loaded,
                       "it is statically linked, and no dynamic linker loads the shim into it");
    if (base_name(facts.interpreter) != own_interpreter())
        return refused(v, obstacle::not_loaded,
                       "it is for another C library (" + facts.interpreter + ") than the shim");
    if (facts.is_go)
        return refused(v, obstacle::not_loaded,
                       "it is written in Go, and makes its system calls without libc");
    if (facts.uses_io_uring)
        v.remark = "it knows io_uring, and what it does through that is not served";
    return v;
}

/// The next file behind `line`, or nothing with the reason in `v`.
std::string next_program(const script_line &line, std::string_view search, verdict &v) {
    const found_program next = find_program(line.interpreter, {});
    if (next.path.empty()) {
        v = refused(v, obstacle::not_executable,
                    "its interpreter " + line.interpreter + ": " + std::strerror(next.code));
        return {};
    }
    if (base_name(next.path) != "env")
        return next.path;
    const std::string command = command_of_env(line.argument);
    const found_program behind_env = find_program(command, search);
    if (command.empty() || behind_env.path.empty())
        return next.path;
    return behind_env.path;
}

} // namespace

verdict examine_program(std::string_view name, std::string_view search) {
    verdict v;
    found_program found = find_program(name, search);
    if (found.path.empty())
        return refused(v, found.code == ENOENT ? obstacle::missing : obstacle::not_executable,
                       std::strerror(found.code));
    std::string path = std::move(found.path);
    while (v.files.size() < max_files) {
        v.files.push_back(path);
        const unique_fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (file.get() < 0)
            return refused(v, obstacle::not_loaded,
                           std::string("it cannot be read to tell: ") + std::strerror(errno));
        const result<elf_facts> facts = read_elf(file.get());
        if (!facts)
            return refused(v, obstacle::not_executable, facts.error().where);
        if (facts->is_elf) {
            if (std::string why = privileges_gained(file.get()); !why.empty())
                return refused(v, obstacle::privileged, std::move(why));
            return judge_elf(std::move(v), *facts);
        }
        script_line line = read_script_line(file.get());
        // execvp gives what the kernel does not know to the shell.
        if (!line.is_script)
            line = {true, "/bin/sh", {}};
        path = next_program(line, search, v);
        if (path.empty())
            return v;
    }
    return refused(v, obstacle::not_executable, "too many interpreters behind each other");
}

std::string as_text(std::string_view name, const verdict &v) {
    std::string text(name);
    std::string_view last = name;
    for (const std::string &file : v.files)
        if (file != last) {
            text += " -> " + file;
            last = file;
        }
    if (v.what == obstacle::none)
        text += ": can be served";
    else
        text += ": cannot be served: " + v.reason;
    return v.remark.empty() ? text : text + "; " + v.remark;
}

} // namespace kcapi::tools
