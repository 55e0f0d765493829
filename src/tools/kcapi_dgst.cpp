// SPDX-License-Identifier: BSD-3-Clause
//
// kcapi-dgst: the digest of a file or stream, with or without a key; kcapi-dgst(1).
#include "buffer.hpp"
#include "common_options.hpp"
#include "console.hpp"
#include "handle.hpp"
#include "hex.hpp"
#include "key_options.hpp"
#include "output.hpp"
#include "read_ahead.hpp"

#include <array>
#include <cerrno>
#include <cstring>

namespace {

using namespace kcapi::tools;

constexpr int option_hex = 400;
constexpr std::size_t worth_a_thread = 4U << 20;
constexpr std::size_t piece_size = 256U << 10;

constexpr auto rows = std::to_array<option_row>({
    {0, nullptr, nullptr, "What to do"},
    {'c', "cipher", "NAME", "the hash, such as sha256 or 'hmac(sha256)'; kcapi-info lists them"},
    {'i', "infile", "FILE", "a regular file to read; stdin without it"},
    {'o', "outfile", "FILE", "a file to write, complete or not at all; stdout without it"},
    {option_hex, "hex", nullptr, "write hexadecimal digits; the digest itself without it"},
    {0, nullptr, nullptr, "Key, for a hash that has one"},
    {option_keyfd, "keyfd", "FD", "read a binary key from the descriptor"},
    {option_passwdfd, "passwdfd", "FD", "read a password from the descriptor"},
    {'p', "passwd", "TEXT", "the password; others can see it"},
    {'s', "salt", "HEX", "salt of the key derivation; random, and told, without it"},
    {option_pbkdfiter, "pbkdfiter", "N", "iterations of PBKDF2; measured, and told, without it"},
    {option_pbkdfmac, "pbkdfmac", "NAME", "keyed hash of the key derivation (default hmac(sha256))"},
    {0, nullptr, nullptr, "Messages"},
    {'v', "verbose", nullptr, "say more; twice for still more"},
    {'q', "quiet", nullptr, "say nothing, not even errors"},
    {'h', "help", nullptr, "this text"},
    {option_version, "version", nullptr, "the version"},
});

void add(const handle &hash, kcapi::bytes data) {
    if (const ssize_t r = kcapi_md_update(hash.get(), data.data(), data.size()); r < 0)
        fail(static_cast<int>(-r), "cannot hash");
}

void add_input(const handle &hash, const input &in) {
    if (in.size >= worth_a_thread) {
        read_ahead data(in.fd);
        for (kcapi::bytes piece = data.next(); !piece.empty(); piece = data.next())
            add(hash, piece);
        if (data.error() != 0)
            throw failure{status_of(EIO), "cannot read " + in.name + ": " + std::strerror(data.error())};
        return;
    }
    const buffer piece(piece_size);
    for (;;) {
        const std::size_t n = read_input(in, piece.all());
        add(hash, piece.first(n));
        if (n < piece_size)
            return;
    }
}

int run(int argc, char **argv) {
    const command_line line = parse_options(argc, argv, rows);
    int status = 0;
    if (handle_common_options(
            line, help_text(usage_lines("usage: kcapi-dgst -c NAME [-i FILE] [-o FILE] [KEY]\n"), rows),
            status))
        return status;
    const char *const name = line.last('c');
    if (name == nullptr)
        fail_usage("no hash: --cipher is needed");
    key_source from = key_source_from(line);
    const handle hash = open_algorithm("hash", name);
    if (from.given()) {
        const secret key = read_key(from);
        if (const int r = kcapi_md_setkey(hash.get(), key.data(), static_cast<std::uint32_t>(key.size()));
            r < 0)
            fail(-r, "the key of " + std::to_string(key.size()) + " bytes is refused",
                 r == -ENOSYS ? std::string(name) + " has no key; hmac(" + name + ") has one."
                              : key_hint(hash));
    }
    const std::size_t size = kcapi_md_digestsize(hash.get());
    if (size == 0)
        fail(EINVAL, std::string(name) + " has a digest of no length");
    const input in = open_input(line.last('i'));
    output out(line.last('o'));
    add_input(hash, in);
    secret digest(size);
    const ssize_t r = kcapi_md_final(hash.get(), digest.data(), digest.size());
    if (r < 0)
        fail(static_cast<int>(-r), "cannot hash " + in.name,
             r == -ENOKEY ? "This hash needs a key: --keyfd, --passwdfd or --passwd." : "");
    if (static_cast<std::size_t>(r) != size)
        fail(EFAULT, "the digest has an unexpected length");
    if (line.has(option_hex))
        out.write(kcapi::bytes_of(std::string_view(to_hex(digest))));
    else
        out.write(digest);
    out.commit();
    return 0;
}

} // namespace

int main(int argc, char **argv) { return run_tool("kcapi-dgst", argc, argv, run); }
