// SPDX-License-Identifier: BSD-3-Clause
#include "doctor.hpp"

#include "file.hpp"

#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace kcapi::tools {

namespace {

namespace fs = std::filesystem;

std::string first_line(const char *path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

bool file_says(const fs::path &path, const auto &matches) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        if (matches(line))
            return true;
    return false;
}

/// "blacklist af_alg", "install af_alg /bin/false" and the like for the modules behind it.
bool forbids(const std::string &line) {
    const std::size_t word = line.find_first_not_of(" \t");
    if (word == std::string::npos || line[word] == '#')
        return false;
    const bool order = line.compare(word, 10, "blacklist ") == 0 || line.compare(word, 8, "install ") == 0;
    return order && (line.find("af_alg") != std::string::npos || line.find("algif_") != std::string::npos);
}

std::string modprobe_blacklist() {
    for (const char *const folder :
         {"/etc/modprobe.d", "/run/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"}) {
        std::error_code none;
        for (const fs::directory_entry &entry : fs::directory_iterator(folder, none))
            if (entry.path().extension() == ".conf" && file_says(entry.path(), forbids))
                return entry.path();
    }
    return {};
}

bool kernel_has_module() {
    utsname facts{};
    if (::uname(&facts) != 0)
        return false;
    const fs::path modules = fs::path("/lib/modules") / facts.release;
    for (const char *const list : {"modules.builtin", "modules.dep"})
        if (file_says(modules / list,
                      [](const std::string &l) { return l.find("/af_alg.ko") != std::string::npos; }))
            return true;
    return false;
}

} // namespace

af_alg_facts look_at_af_alg() {
    af_alg_facts facts;
    const unique_fd fd(::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    facts.error = fd.get() < 0 ? errno : 0;
    facts.restriction = first_line("/proc/sys/crypto/af_alg_restrict");
    std::error_code none;
    facts.module_loaded = fs::exists("/sys/module/af_alg", none);
    facts.module_there = facts.module_loaded || kernel_has_module();
    facts.blacklisted_by = modprobe_blacklist();
    facts.seccomp = file_says("/proc/self/status", [](const std::string &l) {
        return l.rfind("Seccomp:", 0) == 0 && l.find('0', 8) == std::string::npos;
    });
    return facts;
}

finding explain_af_alg(const af_alg_facts &f) {
    const std::string what = "AF_ALG";
    const std::string local = "Programs are served by the local engine; to use the kernel ";
    if (f.error == 0) {
        if (f.restriction == "1")
            return {what, state::note,
                    "sockets can be made; crypto.af_alg_restrict=1 lets few algorithms pass",
                    local + "for the others: sysctl crypto.af_alg_restrict=0"};
        return {what, state::good, "sockets can be made"};
    }
    const std::string failed = std::string("no sockets: ") + std::strerror(f.error);
    if (f.restriction == "2")
        return {what, state::note, failed + "; crypto.af_alg_restrict=2 forbids them",
                local + "as well: sysctl crypto.af_alg_restrict=0"};
    if (f.error == EPERM || f.error == EACCES)
        return {what, state::note,
                failed + (f.seccomp ? "; a seccomp filter is on, such as a container's"
                                    : "; a security module (LSM) forbids it"),
                local + (f.seccomp ? "allow socket(AF_ALG) in the container's seccomp profile"
                                   : "allow alg_socket in the policy; the audit log names the rule")};
    if (f.error == EAFNOSUPPORT && f.module_loaded && f.seccomp)
        return {what, state::note,
                failed + "; the module is loaded, so it is the seccomp filter that answers",
                local + "allow socket(AF_ALG) in the container's seccomp profile"};
    if (f.error == EAFNOSUPPORT && !f.blacklisted_by.empty())
        return {what, state::note, failed + "; " + f.blacklisted_by + " forbids the modules",
                local + "remove the line, if it is safe: AF_ALG was forbidden for its security holes"};
    if (f.error == EAFNOSUPPORT && !f.module_there)
        return {what, state::note, failed + "; this kernel was built without it, or its modules are not here",
                local + "take one with CONFIG_CRYPTO_USER_API_SKCIPHER, _HASH, _AEAD and _RNG"};
    if (f.error == EAFNOSUPPORT)
        return {what, state::note,
                failed + (f.seccomp ? "; the module is not loaded, and a seccomp filter is on"
                                    : "; the module is there but is not loaded"),
                local + "try: modprobe af_alg"};
    return {what, state::note, failed, local + "see socket(2) for this error"};
}

} // namespace kcapi::tools
