// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi/kdf.hpp>

#include <array>
#include <cstdio>

/// Prints the key that PBKDF2 makes from a password: derive_key PASSWORD SALT ITERATIONS
int main(int argc, char **argv) try {
    if (argc != 4)
        return std::fputs("usage: derive_key PASSWORD SALT ITERATIONS\n", stderr), 2;
    std::array<std::uint8_t, 32> key;
    const auto iterations = static_cast<std::uint32_t>(std::stoul(argv[3]));
    kcapi::pbkdf2("hmac(sha256)", kcapi::bytes_of(argv[1]), kcapi::bytes_of(argv[2]), iterations, key)
        .value();
    for (const std::uint8_t byte : key)
        std::printf("%02x", byte);
    std::puts("");
    return 0;
} catch (const std::exception &e) {
    return std::fprintf(stderr, "derive_key: %s\n", e.what()), 1;
}
