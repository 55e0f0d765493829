// SPDX-License-Identifier: BSD-3-Clause
#include "input.hpp"

#include "fail.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

namespace example {

namespace {

constexpr std::uint64_t sample_size = 64U << 20;

/// Copies what is left of `from`, but not more than `limit` bytes.
std::uint64_t copy(const file &to, const file &from, std::uint64_t limit, std::vector<std::uint8_t> &buffer) {
    std::uint64_t sum = 0;
    while (sum < limit) {
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), limit - sum));
        const std::size_t n = read_fully(from, {buffer.data(), wanted});
        const iovec v{buffer.data(), n};
        write_fully(to, {&v, 1}, n);
        sum += n;
        if (n < wanted)
            break;
    }
    return sum;
}

} // namespace

input open_input(const std::string &path) {
    file opened(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about {};
    if (opened.descriptor() < 0 || fstat(opened.descriptor(), &about) != 0)
        fail("cannot open %s: %s", path.c_str(), std::strerror(errno));
    if (S_ISREG(about.st_mode))
        return {std::move(opened), path, static_cast<std::uint64_t>(about.st_size)};
    if (!S_ISFIFO(about.st_mode))
        fail("%s is %s: give a file or a pipe", path.c_str(),
             S_ISDIR(about.st_mode) ? "a directory" : "a device");
    file content = make_private_file();
    std::vector<std::uint8_t> buffer(65536);
    const std::uint64_t size = copy(content, opened, UINT64_MAX, buffer);
    rewind(content);
    return {std::move(content), path, size};
}

input make_sample(const std::string &directory) {
    namespace fs = std::filesystem;
    file content = make_private_file();
    std::vector<std::uint8_t> buffer(65536);
    std::uint64_t size = 0;
    unsigned files = 0;
    std::error_code error;
    fs::recursive_directory_iterator entry(directory, fs::directory_options::skip_permission_denied, error);
    for (; !error && entry != fs::end(entry) && size < sample_size; entry.increment(error)) {
        std::error_code vanished;
        if (entry->symlink_status(vanished).type() != fs::file_type::regular)
            continue;
        const file one(open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
        if (one.descriptor() < 0)
            continue;
        size += copy(content, one, sample_size - size, buffer);
        ++files;
    }
    if (size < sample_size)
        fail("the readable files below %s are too few for a sample (%llu of %llu bytes)%s%s: give a file",
             directory.c_str(), static_cast<unsigned long long>(size),
             static_cast<unsigned long long>(sample_size), error ? ": " : "",
             error ? error.message().c_str() : "");
    rewind(content);
    return {std::move(content), "a sample of " + std::to_string(files) + " files below " + directory, size};
}

} // namespace example
