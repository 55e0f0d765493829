// SPDX-License-Identifier: BSD-3-Clause
#include "enc_file.hpp"

#include "failure.hpp"
#include "file.hpp"

#include <algorithm>
#include <cerrno>

namespace kcapi::tools {

namespace {

constexpr std::string_view magic = "KCAPIAE1";
constexpr std::size_t fixed_size = 24;
constexpr std::size_t most_aad = 1U << 20;
constexpr std::uint32_t most_iterations = 100'000'000; // minutes; a forged header must not ask for days

void put_32(std::vector<std::uint8_t> &to, std::size_t value) {
    for (int shift = 24; shift >= 0; shift -= 8)
        to.push_back(static_cast<std::uint8_t>(value >> shift));
}

std::uint32_t get_32(bytes from) noexcept {
    return static_cast<std::uint32_t>(from[0]) << 24 | static_cast<std::uint32_t>(from[1]) << 16 |
           static_cast<std::uint32_t>(from[2]) << 8 | from[3];
}

void put_length(std::vector<std::uint8_t> &to, std::size_t length, const char *what) {
    if (length > 255)
        fail(EINVAL, std::string(what) + " is too long for the file's header");
    to.push_back(static_cast<std::uint8_t>(length));
}

[[noreturn]] void refuse(const input &from, const char *why) {
    throw failure{status_of(EBADMSG), from.name + " " + why,
                  "Was it written by kcapi-enc --aead-format=file, and is it complete?"};
}

template <class Container>
void take(const input &from, std::vector<std::uint8_t> &as_read, Container &to, std::size_t length) {
    const std::size_t old = as_read.size();
    as_read.resize(old + length);
    const mutable_bytes room = mutable_bytes(as_read).subspan(old);
    if (read_input(from, room) != length)
        refuse(from, "ends within its header");
    to.assign(room.begin(), room.end());
}

} // namespace

std::vector<std::uint8_t> write_header(const enc_file_header &h) {
    std::vector<std::uint8_t> to(magic.begin(), magic.end());
    to.push_back(static_cast<std::uint8_t>(h.kdf));
    put_length(to, h.key_length, "the key");
    put_length(to, h.cipher.size(), "the name of the algorithm");
    put_length(to, h.mac.size(), "the name of the keyed hash");
    put_length(to, h.salt.size(), "the salt");
    put_length(to, h.iv.size(), "the IV");
    put_length(to, h.tag_length, "the tag");
    to.push_back(0);
    put_32(to, h.iterations);
    if (h.aad.size() > most_aad)
        fail(EINVAL, "the associated data is too long for the file's header");
    put_32(to, h.aad.size());
    to.insert(to.end(), h.cipher.begin(), h.cipher.end());
    to.insert(to.end(), h.mac.begin(), h.mac.end());
    to.insert(to.end(), h.salt.begin(), h.salt.end());
    to.insert(to.end(), h.iv.begin(), h.iv.end());
    to.insert(to.end(), h.aad.begin(), h.aad.end());
    return to;
}

enc_file_header read_header(const input &from, std::vector<std::uint8_t> &as_read) {
    std::vector<std::uint8_t> fixed;
    as_read.clear();
    take(from, as_read, fixed, fixed_size);
    if (!std::equal(magic.begin(), magic.end(), fixed.begin()) || fixed[15] != 0)
        refuse(from, "does not begin with the header of this format");
    if (fixed[8] > static_cast<std::uint8_t>(key_derivation::hkdf))
        refuse(from, "has a key derivation that is not known");
    enc_file_header h;
    h.kdf = static_cast<key_derivation>(fixed[8]);
    h.key_length = fixed[9];
    h.tag_length = fixed[14];
    h.iterations = get_32(bytes(fixed).subspan(16));
    const std::uint32_t aad_length = get_32(bytes(fixed).subspan(20));
    if (h.iterations > most_iterations || aad_length > most_aad)
        refuse(from, "has a number in its header that is out of range");
    take(from, as_read, h.cipher, fixed[10]);
    take(from, as_read, h.mac, fixed[11]);
    take(from, as_read, h.salt, fixed[12]);
    take(from, as_read, h.iv, fixed[13]);
    take(from, as_read, h.aad, aad_length);
    return h;
}

} // namespace kcapi::tools
