// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-rng: random bytes; kcapi-rng(1).
#include "common_options.hpp"
#include "console.hpp"
#include "handle.hpp"
#include "hex.hpp"
#include "output.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace {

using namespace kcapi::tools;

constexpr int option_hex = 400;
constexpr std::size_t piece_size = 4096;
constexpr std::size_t least_seed = 32;

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "What to do"},
    {'b', "bytes", "N", "how many random bytes to write; needed"},
    {'n', "name", "NAME", "the generator (default stdrng); kcapi-info lists them"},
    {option_hex, "hex", nullptr, "write hexadecimal digits"},
    {0, nullptr, nullptr, "Messages"},
    {'v', "verbose", nullptr, "say more; twice for still more"},
    {'q', "quiet", nullptr, "say nothing, not even errors"},
    {'h', "help", nullptr, "this text"},
    {option_version, "version", nullptr, "the version"},
});

std::uint64_t wanted_bytes(const char *text) {
    const std::optional<std::uint64_t> n = text == nullptr ? std::nullopt : whole_number(text);
    if (!n || *n == 0)
        fail_usage("--bytes is needed: how many bytes, at least 1");
    return *n;
}

/// A generator that takes its entropy itself is seeded with nothing, another with the system's random bytes
/// and then with what stdin gives, if that is not a terminal.
void seed(const handle &rng) {
    const std::uint32_t size = kcapi_rng_seedsize(rng.get());
    secret data(size == 0 ? 0 : std::max<std::size_t>(size, least_seed));
    if (!data.empty() && ::getrandom(data.data(), data.size(), 0) != static_cast<ssize_t>(data.size()))
        throw failure{1, std::string("the system gives no random bytes: ") + std::strerror(errno)};
    const int r = kcapi_rng_seed(rng.get(), data.empty() ? nullptr : data.data(),
                                 static_cast<std::uint32_t>(data.size()));
    if (r < 0)
        fail(-r, "cannot seed the generator");
    if (data.empty() || ::isatty(STDIN_FILENO) == 1)
        return;
    for (;;) {
        const ssize_t n = read_fully(STDIN_FILENO, data);
        if (n <= 0)
            return;
        if (const int refused = kcapi_rng_seed(rng.get(), data.data(), static_cast<std::uint32_t>(n));
            refused < 0)
            say(level::warning, std::string("the seed from stdin is refused: ") + std::strerror(-refused));
    }
}

int run(int argc, char **argv) {
    const command_line line = parse_options(argc, argv, rows);
    int status = 0;
    if (handle_common_options(line, help_text(usage_lines("usage: kcapi-rng -b N [-n NAME] [--hex]\n"), rows),
                              status))
        return status;
    std::uint64_t left = wanted_bytes(line.last('b'));
    const char *const name = line.last('n');
    const handle rng = open_algorithm("rng", name == nullptr ? "stdrng" : name);
    seed(rng);
    output out(nullptr);
    secret piece(piece_size);
    while (left != 0) {
        const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
        const ssize_t r = kcapi_rng_generate(rng.get(), piece.data(), n);
        if (r <= 0)
            fail(r == 0 ? EFAULT : static_cast<int>(-r), "cannot generate random bytes");
        const kcapi::bytes made = kcapi::bytes(piece).first(static_cast<std::size_t>(r));
        if (line.has(option_hex))
            out.write(kcapi::bytes_of(std::string_view(to_hex(made))));
        else
            out.write(made);
        left -= made.size();
    }
    return 0;
}

} // namespace

int main(int argc, char **argv) { return run_tool("kcapi-rng", argc, argv, run); }
