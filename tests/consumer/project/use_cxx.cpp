// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi/kcapi.hpp>

#include <cstdio>

// A published answer (NIST SP 800-38A, F.5.1, first block), a digest, and an error that is one.
int main() {
    constexpr std::array<std::uint8_t, 16> key{0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
                                               0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c};
    constexpr std::array<std::uint8_t, 16> counter{0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7,
                                                   0xf8, 0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff};
    std::array<std::uint8_t, 16> block{0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
                                       0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a};
    const kcapi::result<kcapi::cipher> cipher = kcapi::cipher::create("ctr(aes)", key);
    if (!cipher || !cipher->encrypt(counter, block, block))
        return 1;
    const auto digest = kcapi::sha256(kcapi::bytes_of("abc"));
    if (!digest)
        return 2;
    std::printf("%02x%02x %02x%02x %d %s\n", block[0], block[15], (*digest)[0], (*digest)[31],
                kcapi::cipher::create("nosuch(aes)", key).error().code,
                std::string(cipher->engine_name()).c_str());
    return 0;
}
