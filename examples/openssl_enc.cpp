// SPDX-License-Identifier: BSD-3-Clause
#include "openssl_enc.hpp"

#include "fail.hpp"

#include <kcapi.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace example {

namespace {

/// Hexadecimal digits as a string, wiped in the end.
class hex_text {
  public:
    explicit hex_text(std::span<const std::uint8_t> bytes) {
        constexpr char digits[] = "0123456789abcdef";
        std::size_t n = 0;
        for (const std::uint8_t b : bytes) {
            text_.at(n++) = digits[b >> 4];
            text_.at(n++) = digits[b & 15];
        }
    }
    ~hex_text() { kcapi_memset_secure(text_.data(), 0, text_.size()); }
    hex_text(const hex_text &) = delete;
    hex_text &operator=(const hex_text &) = delete;

    [[nodiscard]] char *c_str() noexcept { return text_.data(); }

  private:
    std::array<char, 65> text_{};
};

pid_t start(const std::vector<const char *> &arguments, const file &standard_input,
            const file &standard_output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, standard_input.descriptor(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, standard_output.descriptor(), STDOUT_FILENO);
    pid_t child = 0;
    const int error = posix_spawnp(&child, arguments[0], &actions, nullptr,
                                   const_cast<char *const *>(arguments.data()), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        fail("cannot run openssl: %s", std::strerror(error));
    return child;
}

int wait_for(pid_t child) {
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            fail("cannot wait for openssl: %s", std::strerror(errno));
    return status;
}

} // namespace

const char *openssl_cipher(std::string_view name) {
    if (name == "ctr(aes)")
        return "-aes-256-ctr";
    if (name == "cbc(aes)")
        return "-aes-256-cbc";
    if (name == "ecb(aes)")
        return "-aes-256-ecb";
    return nullptr;
}

bool openssl_agrees(const char *cipher, std::span<const std::uint8_t> key, std::span<const std::uint8_t> iv,
                    const file &plaintext, const file &ciphertext) {
    // enc takes a key from its command line only, where every user of the machine can read it: good enough
    // for a key that protects nothing, and for no other.
    hex_text key_text(key);
    hex_text iv_text(iv);
    std::vector<const char *> arguments{"openssl", "enc", "-e", cipher, "-nopad", "-K", key_text.c_str()};
    if (!iv.empty())
        arguments.insert(arguments.end(), {"-iv", iv_text.c_str()});
    arguments.push_back(nullptr);

    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        fail("cannot make a pipe: %s", std::strerror(errno));
    file from_openssl(ends[0]);
    file to_us(ends[1]);
    rewind(plaintext);
    rewind(ciphertext);
    const pid_t child = start(arguments, plaintext, to_us);
    to_us.close();
    const bool agrees = same_rest(from_openssl, ciphertext);
    from_openssl.close();
    const int status = wait_for(child);
    if (agrees && status != 0)
        fail("openssl enc failed");
    return agrees;
}

} // namespace example
