// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-run: runs a program whose AF_ALG sockets the local engine serves; kcapi-run(1).
#include "console.hpp"
#include "file.hpp"
#include "launch.hpp"
#include "options.hpp"
#include "privileges.hpp"
#include "servable.hpp"
#include "text_out.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace {

using namespace kcapi::tools;

enum : int {
    option_engine = 400,
    option_driver,
    option_trace,
    option_no_children,
    option_library,
    option_force,
    option_check,
    option_version
};

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "How the program runs"},
    {option_engine, "engine", "ENGINE", "who serves its sockets: local, auto or kernel (default local)"},
    {option_driver, "driver", "NAME", "use only this driver or library of the local engine"},
    {option_trace, "trace", "[FILE", "a line for each AF_ALG call into FILE (default stderr)"},
    {option_no_children, "no-children", nullptr, "the programs that it starts run without the shim"},
    {option_library, "library", "FILE", "the shim to use (default the installed one)"},
    {option_force, "force", nullptr, "run it even if it cannot be served, for its children's sake"},
    {0, nullptr, nullptr, "Instead of running it"},
    {option_check, "check", nullptr, "say whether the program can be served, and why not"},
    {0, nullptr, nullptr, "Other"},
    {'h', "help", nullptr, "this text"},
    {option_version, "version", nullptr, "the version"},
});

// As env(1) and its relatives end.
constexpr int status_own_failure = 125;
constexpr int status_not_executable = 126;
constexpr int status_missing = 127;

[[noreturn]] void give_up(std::string text, std::string hint = {}, int status = status_own_failure) {
    throw failure{status, std::move(text), std::move(hint)};
}

std::string absolute_path(const char *path) {
    if (path[0] == '/')
        return path;
    std::array<char, PATH_MAX> here{};
    if (::getcwd(here.data(), here.size()) == nullptr)
        give_up(std::string("the current directory: ") + std::strerror(errno));
    return std::string(here.data()) + "/" + path;
}

std::string shim_of(const command_line &line) {
    const char *const given = line.last(option_library);
    std::string path = given != nullptr ? absolute_path(given) : find_shim();
    if (path.empty())
        give_up("libkcapi-preload.so is not installed", "--library names another place.");
    if (::access(path.c_str(), R_OK) != 0)
        give_up(path + ": " + std::strerror(errno));
    if (!fits_preload_list(path))
        give_up(path + ": the dynamic linker takes no path with blanks, colons or dollars");
    return path;
}

/// An empty file for the trace, by a path that holds wherever the program goes.
std::string trace_target(const char *file) {
    if (file == nullptr)
        return "stderr";
    const unique_fd made(::open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600));
    if (made.get() < 0)
        give_up(std::string(file) + ": " + std::strerror(errno));
    return absolute_path(file);
}

environment environment_for(const command_line &line) {
    environment e;
    e.set("LD_PRELOAD", preload_list(shim_of(line), e.value("LD_PRELOAD").value_or("")));
    if (const char *const engine = line.last(option_engine); engine != nullptr) {
        const std::string_view name = engine;
        if (name != "local" && name != "auto" && name != "kernel")
            fail_usage("--engine is local, auto or kernel");
        e.set("KCAPI_ENGINE", name);
    }
    if (const char *const driver = line.last(option_driver); driver != nullptr) {
        if (*driver == '\0')
            fail_usage("--driver wants a name");
        e.set("KCAPI_DRIVER", driver);
    }
    if (line.has(option_trace))
        e.set("KCAPI_PRELOAD_TRACE", trace_target(line.last(option_trace)));
    if (line.has(option_no_children))
        e.set("KCAPI_PRELOAD_CHILDREN", "no");
    else
        e.remove("KCAPI_PRELOAD_CHILDREN");
    return e;
}

/// What would run unserved is not run, or nobody would notice.
void require_servable(const verdict &v, const std::string &name, bool forced) {
    switch (v.what) {
    case obstacle::none:
        return;
    case obstacle::missing:
        give_up(name + ": " + v.reason, {}, status_missing);
    case obstacle::not_executable:
        give_up(name + ": " + v.reason, {}, status_not_executable);
    case obstacle::privileged:
        give_up(as_text(name, v), "Run it by a user for whom it gains nothing.");
    case obstacle::not_loaded:
        if (!forced)
            give_up(as_text(name, v), "--force runs it all the same; its children may be served.");
    }
}

/// Descriptors that were closed when this program began; what stands there now is not to be handed on.
std::array<bool, 3> were_closed{};

int run_program(const command_line &line, int argc, char **argv) {
    if (runs_privileged())
        give_up("this process runs with the privileges of another user; nothing it starts can be served");
    environment e = environment_for(line);
    const std::string name = line.operands.front();
    require_servable(examine_program(name, e.value("PATH").value_or("")), name, line.has(option_force));
    for (int fd = 0; fd < static_cast<int>(were_closed.size()); ++fd)
        if (were_closed[static_cast<std::size_t>(fd)])
            ::close(fd);
    const auto count = line.operands.size();
    const int code = execute({argv + (static_cast<std::size_t>(argc) - count), count}, e);
    give_up(name + ": " + std::strerror(code), {}, code == ENOENT ? status_missing : status_not_executable);
}

int run(int argc, char **argv) try {
    const command_line line = parse_options(argc, argv, rows, operands::end_the_options);
    text_out out;
    if (line.has('h')) {
        out.put(help_text("usage: kcapi-run [OPTION]... PROGRAM [ARGUMENT]...\n"
                          "Runs PROGRAM with its AF_ALG sockets served in the process itself.\n",
                          rows));
        out.flush();
        return 0;
    }
    if (line.has(option_version)) {
        out.put("kcapi-run: " + library_version() + "\n");
        out.flush();
        return 0;
    }
    if (line.operands.empty())
        fail_usage("a program is needed");
    if (!line.has(option_check))
        return run_program(line, argc, argv);
    const verdict v = examine_program(line.operands.front(), environment().value("PATH").value_or(""));
    out.put(as_text(line.operands.front(), v) + "\n");
    out.flush();
    return v.what == obstacle::none ? 0 : 1;
} catch (failure &f) {
    // Below 125 the status is the program's own.
    if (f.status < status_own_failure || f.status > status_missing)
        f.status = status_own_failure;
    throw;
}

} // namespace

int main(int argc, char **argv) {
    for (int fd = 0; fd < static_cast<int>(were_closed.size()); ++fd)
        were_closed[static_cast<std::size_t>(fd)] = ::fcntl(fd, F_GETFD) < 0 && errno == EBADF;
    return run_tool("kcapi-run", argc, argv, run);
}
