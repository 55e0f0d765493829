// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi/hash.hpp>

#include <cstdio>
#include <memory>
#include <vector>

/// Prints the SHA-256 digest of a file, as sha256sum does.
int main(int argc, char **argv) try {
    if (argc != 2)
        return std::fputs("usage: hash_file PATH\n", stderr), 2;
    const std::unique_ptr<std::FILE, int (*)(std::FILE *)> file(std::fopen(argv[1], "rb"), std::fclose);
    if (file == nullptr)
        return std::perror(argv[1]), 1;
    kcapi::hash hash = kcapi::hash::create("sha256").value();
    std::vector<std::uint8_t> piece(1 << 16), digest(hash.digest_size());
    while (const std::size_t n = std::fread(piece.data(), 1, piece.size(), file.get()))
        hash.update(kcapi::bytes(piece).first(n)).value();
    if (std::ferror(file.get()) != 0)
        return std::perror(argv[1]), 1;
    (void)hash.finish(digest).value();
    for (const std::uint8_t byte : digest)
        std::printf("%02x", byte);
    std::printf("  %s\n", argv[1]);
    return 0;
} catch (const kcapi::exception &e) {
    return std::fprintf(stderr, "hash_file: %s\n", e.what()), 1;
}
