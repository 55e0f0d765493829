// SPDX-License-Identifier: BSD-3-Clause
#include "capi/support.hpp"

#include <dirent.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace kcapi::test {

const std::string &engine_under_test() {
    static const std::string engine = [] {
        const char *const value = std::getenv("KCAPI_TEST_ENGINE");
        const std::string v = value == nullptr ? "" : value;
        if (v != "local" && v != "kernel" && v != "auto") {
            (void)std::fprintf(stderr, "KCAPI_TEST_ENGINE must be local, kernel or auto\n");
            std::exit(2);
        }
        return v;
    }();
    return engine;
}

bool slow() {
    static const bool value = [] {
        const char *const v = std::getenv("KCAPI_TEST_SLOW");
        return v != nullptr && std::string(v) == "1";
    }();
    return value;
}

octets pattern(std::size_t size, std::uint32_t seed) {
    octets bytes(size);
    std::uint64_t state = 0x9e3779b97f4a7c15U * (seed + 1ULL);
    for (std::uint8_t &b : bytes) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        b = static_cast<std::uint8_t>(state >> 56);
    }
    return bytes;
}

octets operator+(octets a, const octets &b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

octets slice(const octets &from, std::size_t offset, std::size_t size) {
    const auto first = from.begin() + static_cast<std::ptrdiff_t>(offset);
    return {first, first + static_cast<std::ptrdiff_t>(size)};
}

std::string hex(const octets &bytes) {
    std::string text;
    for (const std::uint8_t b : bytes) {
        char digits[3];
        (void)std::snprintf(digits, sizeof digits, "%02x", b);
        text += digits;
    }
    return text;
}

std::size_t open_descriptors() {
    DIR *const d = ::opendir("/proc/self/fd");
    if (d == nullptr)
        return 0;
    std::size_t n = 0;
    while (::readdir(d) != nullptr)
        ++n;
    (void)::closedir(d);
    return n;
}

cipher::cipher(const char *name) {
    const int r = kcapi_cipher_init(&handle_, name, 0);
    EXPECT_EQ(r, 0) << name << ": " << kcapi_ext_last_error();
}

cipher::cipher(const char *name, const octets &key) : cipher(name) {
    EXPECT_EQ(set_key(key), 0) << name << ": " << kcapi_ext_last_error();
}

cipher::cipher(const cipher &other, std::uint32_t flags) {
    EXPECT_EQ(kcapi_handle_reinit(&handle_, other.get(), flags), 0);
}

namespace {

const std::uint8_t *or_null(const octets &iv) { return iv.empty() ? nullptr : iv.data(); }

} // namespace

ssize_t cipher::encrypt(const octets &in, const octets &iv, octets &out, int access) {
    out.assign(in.size(), 0xee);
    return kcapi_cipher_encrypt(handle_, in.data(), in.size(), or_null(iv), out.data(), out.size(), access);
}

ssize_t cipher::decrypt(const octets &in, const octets &iv, octets &out, int access) {
    out.assign(in.size(), 0xee);
    return kcapi_cipher_decrypt(handle_, in.data(), in.size(), or_null(iv), out.data(), out.size(), access);
}

octets cipher::encrypted(const octets &in, const octets &iv, int access) {
    octets out;
    EXPECT_EQ(encrypt(in, iv, out, access), static_cast<ssize_t>(in.size())) << kcapi_ext_last_error();
    return out;
}

octets cipher::decrypted(const octets &in, const octets &iv, int access) {
    octets out;
    EXPECT_EQ(decrypt(in, iv, out, access), static_cast<ssize_t>(in.size())) << kcapi_ext_last_error();
    return out;
}

ssize_t cipher::start_encrypt(const octets &iv, pieces data) {
    return kcapi_cipher_stream_init_enc(handle_, or_null(iv), data.size() == 0 ? nullptr : data.data(),
                                        data.size());
}

ssize_t cipher::start_decrypt(const octets &iv, pieces data) {
    return kcapi_cipher_stream_init_dec(handle_, or_null(iv), data.size() == 0 ? nullptr : data.data(),
                                        data.size());
}

ssize_t cipher::collect(std::size_t room, octets &out) {
    out.assign(room, 0xee);
    const ssize_t n = collect(pieces(out));
    out.resize(n < 0 ? 0 : std::min(static_cast<std::size_t>(n), room));
    return n;
}

octets cipher::collect_all(std::size_t total, std::size_t room) {
    octets all;
    octets part;
    while (all.size() < total) {
        const ssize_t n = collect(std::min(room, total - all.size()), part);
        if (n <= 0) {
            ADD_FAILURE() << "stream_op returned " << n << " after " << all.size() << " of " << total
                          << " bytes";
            break;
        }
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

const octets &key_16() {
    static const octets key = pattern(16, 1001);
    return key;
}

const octets &key_24() {
    static const octets key = pattern(24, 1002);
    return key;
}

const octets &key_32() {
    static const octets key = pattern(32, 1003);
    return key;
}

const octets &key_64() {
    static const octets key = pattern(64, 1004);
    return key;
}

const octets &iv_16() {
    static const octets iv = pattern(16, 1005);
    return iv;
}

} // namespace kcapi::test
