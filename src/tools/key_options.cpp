// SPDX-License-Identifier: BSD-3-Clause
#include "key_options.hpp"

#include "console.hpp"
#include "file.hpp"
#include "hex.hpp"

#include <kcapi/kdf.hpp>
#include <kcapi/rng.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace kcapi::tools {

namespace {

constexpr std::size_t salt_size = 32;
constexpr std::size_t usual_key_size = 32;
constexpr std::size_t most_secret = 1U << 20;

secret password_from_argument(char *text) {
    say(level::warning, "a password on the command line can be seen by others; --passwdfd is safer");
    const std::size_t length = std::strlen(text);
    secret s(text, text + length);
    kcapi_memset_secure(text, 0, length);
    return s;
}

} // namespace

key_source key_source_from(const command_line &line) {
    key_source from;
    if (char *const text = line.last('p'); text != nullptr)
        from.password = password_from_argument(text);
    if (const char *const fd = line.last(option_passwdfd); fd != nullptr)
        from.password = read_secret(static_cast<int>(number_as_original("--passwdfd", fd)), most_secret,
                                    "the password", "");
    // An empty password is no password, but it was given: what follows fails for want of a key.
    if (const char *const fd = line.last(option_keyfd); fd != nullptr)
        from.key_fd = static_cast<int>(number_as_original("--keyfd", fd));
    if (const char *const salt = line.last('s'); salt != nullptr)
        from.salt = hex_option("--salt", salt);
    if (const char *const count = line.last(option_pbkdfiter); count != nullptr)
        from.iterations = number_as_original("--pbkdfiter", count);
    if (const char *const mac = line.last(option_pbkdfmac); mac != nullptr)
        from.mac = mac;
    if (const char *const length = line.last(option_key_len); length != nullptr)
        from.key_length = number_as_original("--key-len", length);
    return from;
}

std::vector<std::uint8_t> new_salt() {
    std::vector<std::uint8_t> salt(salt_size);
    need(random_bytes(salt), "cannot make a salt",
         "kcapi-info --doctor says which random generators are there.");
    return salt;
}

secret key_from_password(key_source &from, std::size_t length, bool told) {
    const level shown = told ? level::warning : level::verbose;
    if (from.salt.empty()) {
        from.salt = new_salt();
        say(shown, "PBKDF2 salt used: " + to_hex(from.salt));
    }
    if (from.iterations == 0) {
        from.iterations = kcapi_pbkdf_iteration_count(from.mac.c_str(), 0);
        say(shown, "PBKDF2 iterations used: " + std::to_string(from.iterations));
    }
    secret key(length);
    need(pbkdf2(from.mac, *from.password, from.salt, from.iterations, key),
         "cannot derive a key with " + from.mac,
         "kcapi-info '" + from.mac + "' says whether the algorithm is there.");
    return key;
}

secret key_from_descriptor(const key_source &from) {
    if (!from.key_length)
        return read_secret(*from.key_fd, most_secret, "the key",
                           "--key-len=N takes the first N bytes of more.");
    secret key(*from.key_length + 1);
    const ssize_t n = read_fully(*from.key_fd, key);
    if (n < 0)
        fail(static_cast<int>(-n), "cannot read the key from descriptor " + std::to_string(*from.key_fd),
             "Is the descriptor open? For example: 3<file");
    if (static_cast<std::size_t>(n) > *from.key_length)
        say(level::warning, "the key has more than the " + std::to_string(*from.key_length) +
                                " bytes of --key-len; the others are not used");
    key.resize(std::min(static_cast<std::size_t>(n), *from.key_length));
    return key;
}

secret read_key(key_source &from) {
    secret key;
    if (from.password && !from.password->empty())
        key = key_from_password(from, from.key_length.value_or(usual_key_size), true);
    if (from.key_fd)
        key = key_from_descriptor(from);
    if (key.empty())
        fail(EINVAL, "there is no key", "The password is empty, or the descriptor gave nothing.");
    return key;
}

} // namespace kcapi::tools
