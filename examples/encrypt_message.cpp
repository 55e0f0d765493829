// SPDX-License-Identifier: BSD-3-Clause
#include <kcapi/aead.hpp>
#include <kcapi/rng.hpp>

#include <cstdio>
#include <vector>

/// Encrypts a message under a fresh nonce, decrypts it, and shows that an altered one does not decrypt.
int main(int argc, char **argv) try {
    const kcapi::bytes text = kcapi::bytes_of(argc > 1 ? argv[1] : "Nobody else reads or alters this.");
    const kcapi::bytes purpose = kcapi::bytes_of("greeting"); // not secret, but authentic as well
    std::vector<std::uint8_t> key(32);
    kcapi::random_bytes(key).value();

    const kcapi::aead cipher = kcapi::aead::create("gcm(aes)", key).value();
    std::vector<std::uint8_t> nonce(cipher.nonce_size()), plain(text.size());
    std::vector<std::uint8_t> sealed(text.size() + cipher.tag_size());
    kcapi::random_bytes(nonce).value();
    const std::size_t size = cipher.seal_joined(nonce, purpose, text, sealed).value();
    (void)cipher.open_joined(nonce, purpose, sealed, plain).value();
    std::printf("%zu bytes sealed as %zu, opened: %.*s\n", text.size(), size, static_cast<int>(plain.size()),
                reinterpret_cast<const char *>(plain.data()));

    sealed[0] ^= 1;
    const kcapi::result<std::size_t> altered = cipher.open_joined(nonce, purpose, sealed, plain);
    std::printf("altered: %s\n", altered ? "opened" : altered.error().code == EBADMSG ? "refused" : "failed");
    kcapi_memset_secure(key.data(), 0, key.size());
    return altered ? 1 : 0;
} catch (const kcapi::exception &e) {
    return std::fprintf(stderr, "encrypt_message: %s\n", e.what()), 1;
}
