// SPDX-License-Identifier: BSD-3-Clause
//
// Encrypts standard input to standard output with ctr(aes), and a key and IV given in hexadecimal: the output
// is that of `openssl enc`. One thread reads the input while another writes the output, so memory does not
// grow with the message.
#include <kcapi/cipher.hpp>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace {

std::vector<std::uint8_t> from_hex(std::string_view hex) {
    std::vector<std::uint8_t> out(hex.size() / 2);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const char *const digits = hex.data() + 2 * i;
        if (std::from_chars(digits, digits + 2, out[i], 16).ptr != digits + 2)
            return {};
    }
    return out;
}

/// The other thread is asleep in the library, so there is no way back from here.
[[noreturn]] void give_up(const char *what, const char *why) {
    std::fprintf(stderr, "two_threads: %s: %s\n", what, why);
    std::_Exit(1);
}

// [readme: one thread feeds, another collects]
void feed(kcapi::cipher_stream &stream, std::FILE *from) try {
    std::vector<std::uint8_t> piece(100000);
    while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), from))
        stream.write(kcapi::bytes(piece).first(n)).value(); // sleeps while there is no room
    if (std::ferror(from) != 0)
        give_up("reading", std::strerror(errno));
    stream.finish().value();
} catch (const kcapi::exception &e) {
    give_up("feeding", e.what());
}

void encrypt(kcapi::bytes key, kcapi::bytes iv, std::FILE *from, std::FILE *to) {
    const kcapi::cipher cipher = kcapi::cipher::create("ctr(aes)", key).value();
    kcapi::cipher_stream stream = cipher.encryptor(iv).value();
    std::thread feeder(feed, std::ref(stream), from);
    std::vector<std::uint8_t> piece(65537);
    for (;;) {
        const kcapi::result<std::size_t> n = stream.read(piece); // sleeps only while there is nothing
        if (!n)
            give_up("collecting", n.error().where);
        if (*n == 0)
            break;
        if (std::fwrite(piece.data(), 1, *n, to) != *n)
            give_up("writing", std::strerror(errno));
    }
    feeder.join();
}
// [/readme]

} // namespace

int main(int argc, char **argv) try {
    if (argc != 3)
        return std::fputs("usage: two_threads KEY IV <PLAINTEXT >CIPHERTEXT\n", stderr), 2;
    encrypt(from_hex(argv[1]), from_hex(argv[2]), stdin, stdout);
    if (std::fflush(stdout) != 0)
        give_up("writing", std::strerror(errno));
    return 0;
} catch (const kcapi::exception &e) {
    return std::fprintf(stderr, "two_threads: %s\n", e.what()), 1;
}
