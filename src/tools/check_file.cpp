// SPDX-License-Identifier: BSD-3-Clause
#include "check_file.hpp"

#include "failure.hpp"
#include "file.hpp"
#include "file_hasher.hpp"
#include "hash_lines.hpp"
#include "hex.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>

namespace kcapi::tools {

namespace {

constexpr std::string_view configured_directory = KCAPI_CHECK_DIR;
constexpr std::string_view prefix = KCAPI_CHECK_PREFIX;
constexpr std::string_view suffix = KCAPI_CHECK_SUFFIX;
constexpr const char *fips_flag = "/proc/sys/crypto/fips_enabled";
constexpr std::size_t longest_line = 4096;
constexpr std::size_t longest_path = 4096;
constexpr std::size_t fipscheck_sum = 32; ///< HMAC-SHA256, as check files of 1.4.0 have it
constexpr int status_no_check_file = 253;

std::string beside(const std::string &file, const std::string &directory, bool own_directory) {
    const std::size_t slash = file.rfind('/');
    const std::string own = slash == std::string::npos ? "" : file.substr(0, slash + 1);
    // Without prefix and directory the check file of a check file would be its own.
    const std::string_view used_prefix = prefix.empty() && own_directory ? "." : prefix;
    std::string path = own_directory ? own : directory + "/";
    path.append(used_prefix).append(file.substr(slash == std::string::npos ? 0 : slash + 1));
    path.append(".").append(suffix);
    if (path.size() > longest_path)
        throw failure{1, "the name of the check file of " + file + " is too long"};
    return path;
}

std::vector<std::uint8_t> hmac_of(const std::string &file, const char *algorithm, known_key key) {
    const std::string_view text = text_of(key);
    file_digest d = hash_file(open_hash({algorithm, secret(text.begin(), text.end())}), file);
    if (d.error != 0)
        throw failure{1, file + ": " + std::strerror(d.error)};
    return std::move(d.digest);
}

/// Check files of 1.5 have the sum of hmaccalc's kind, those of 1.4 can have fipscheck's.
void check_one(const std::string &file) {
    for (const known_key key : {known_key::hmaccalc, known_key::fipscheck}) {
        const std::string path = check_file_of(file, key, "");
        if (::access(path.c_str(), F_OK) != 0)
            continue;
        const std::optional<std::vector<std::uint8_t>> wanted = read_check_file(path);
        if (!wanted)
            throw failure{1, path + " has no sum"};
        const bool is_fipscheck = wanted->size() == fipscheck_sum;
        const std::vector<std::uint8_t> found =
            is_fipscheck ? hmac_of(file, "hmac(sha256)", known_key::fipscheck) : self_sum(file);
        if (!equal_in_constant_time(found, *wanted))
            throw failure{1, file + " is not what " + path + " says"};
        return;
    }
    throw failure{1, file + " has no check file"};
}

bool integrity_wanted() {
    if (::secure_getenv("KCAPI_HASHER_FORCE_FIPS") != nullptr)
        return true;
    const unique_fd fd(::open(fips_flag, O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) {
        if (errno == ENOENT)
            return false;
        throw failure{1, std::string("cannot read ") + fips_flag + ": " + std::strerror(errno)};
    }
    std::array<std::uint8_t, 1> flag{};
    if (read_fully(fd.get(), flag) != 1)
        throw failure{1, std::string("cannot read ") + fips_flag};
    return flag[0] != '0';
}

} // namespace

std::string check_file_of(const std::string &file, known_key key, const std::string &directory) {
    if (!directory.empty())
        return beside(file, directory, false);
    if (configured_directory.empty())
        return beside(file, "", true);
    const std::string kind = key == known_key::fipscheck ? "/fipscheck" : "/hmaccalc";
    return beside(file, std::string(configured_directory) + kind, false);
}

std::string check_file_to_write(const std::string &file, const std::string &directory) {
    return beside(file, directory, directory.empty());
}

std::optional<std::vector<std::uint8_t>> read_check_file(const std::string &path) {
    const unique_fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
    if (fd.get() < 0)
        throw failure{status_no_check_file,
                      "cannot open the check file " + path + ": " + std::strerror(errno)};
    std::string text(longest_line, '\0');
    const ssize_t n = read_fully(fd.get(), {reinterpret_cast<std::uint8_t *>(text.data()), text.size()});
    if (n < 0)
        throw failure{1, "cannot read the check file " + path + ": " + std::strerror(static_cast<int>(-n))};
    text.resize(static_cast<std::size_t>(n));
    std::string_view rest = text;
    const std::string_view line = next_line(rest);
    std::optional<std::vector<std::uint8_t>> sum = strict_hex(line.substr(0, line.find(' ')));
    if (sum && sum->empty())
        sum.reset();
    return sum;
}

std::string own_program() {
    std::array<char, PATH_MAX> path{};
    const ssize_t n = ::readlink("/proc/self/exe", path.data(), path.size() - 1);
    if (n < 0)
        throw failure{1, std::string("cannot read /proc/self/exe: ") + std::strerror(errno)};
    return {path.data(), static_cast<std::size_t>(n)};
}

std::string own_library() {
    Dl_info facts{};
    if (::dladdr(reinterpret_cast<const void *>(&kcapi_md_init), &facts) == 0 || facts.dli_fname == nullptr)
        throw failure{1, "cannot find out which file libkcapi is"};
    return facts.dli_fname;
}

std::vector<std::uint8_t> self_sum(const std::string &file) {
    return hmac_of(file, "hmac(sha512)", known_key::hmaccalc);
}

void check_integrity() {
    if (!integrity_wanted())
        return;
    try {
        check_one(own_program());
        check_one(own_library());
    } catch (failure &f) {
        throw failure{1, "integrity check of the application failed: " + f.text};
    }
}

} // namespace kcapi::tools
