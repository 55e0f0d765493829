// SPDX-License-Identifier: BSD-3-Clause
//
// What all tests of the C interface share. They use public headers only and link the shared library, so that
// one program runs on either engine: with KCAPI_TEST_ENGINE=local, kernel or auto, which says who is expected
// to serve.
#pragma once

#include <kcapi_ext.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kcapi::test {

using octets = std::vector<std::uint8_t>;

/// KCAPI_TEST_ENGINE: "local", "kernel" or "auto". Ends the program if it is missing or something else.
const std::string &engine_under_test();

/// Whether KCAPI_TEST_SLOW=1 says that the processor is emulated.
bool slow();
/// How much work a loop does: `usual`, or `few` on an emulated processor.
inline std::size_t scaled(std::size_t usual, std::size_t few) { return slow() ? few : usual; }

/// Bytes that look random and are the same in each run.
octets pattern(std::size_t size, std::uint32_t seed = 1);
octets operator+(octets a, const octets &b);
octets slice(const octets &from, std::size_t offset, std::size_t size);
std::string hex(const octets &bytes);

/// Whether `driver` is a library's own implementation of "cbc-aes" (or what `mode` says), be it by several
/// libraries together: which of them serves depends on the machine.
inline bool is_own_mode(const std::string &driver, const std::string &mode = "cbc-aes") {
    return driver.substr(0, mode.size() + 1) == mode + "-" && driver.find('(') == std::string::npos;
}

/// Open descriptors of this process.
std::size_t open_descriptors();

/// The iovecs of pieces, for the C interface, which takes them without const and does not change them.
class pieces {
  public:
    pieces() = default;
    pieces(std::initializer_list<iovec> list) : list_(list) {}
    pieces(const octets &whole) { add(whole.data(), whole.size()); }
    void add(const void *data, std::size_t size) { list_.push_back({const_cast<void *>(data), size}); }
    [[nodiscard]] iovec *data() { return list_.data(); }
    [[nodiscard]] std::size_t size() const { return list_.size(); }

  private:
    std::vector<iovec> list_;
};

/// A handle that is destroyed at the end; making it must succeed.
class cipher {
  public:
    explicit cipher(const char *name);
    cipher(const char *name, const octets &key);
    /// Shares algorithm and key with `other`.
    explicit cipher(const cipher &other, std::uint32_t flags);
    cipher(cipher &&other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
    cipher(const cipher &) = delete;
    cipher &operator=(const cipher &) = delete;
    cipher &operator=(cipher &&) = delete;
    ~cipher() { destroy(); }

    [[nodiscard]] kcapi_handle *get() const { return handle_; }
    void destroy() { kcapi_cipher_destroy(std::exchange(handle_, nullptr)); }
    /// The test destroyed it itself.
    void forget() { handle_ = nullptr; }

    int set_key(const octets &key) {
        return kcapi_cipher_setkey(handle_, key.data(), static_cast<std::uint32_t>(key.size()));
    }

    /// One-shot calls with output as long as the input; `iv` empty: NULL.
    ssize_t encrypt(const octets &in, const octets &iv, octets &out, int access = KCAPI_ACCESS_HEURISTIC);
    ssize_t decrypt(const octets &in, const octets &iv, octets &out, int access = KCAPI_ACCESS_HEURISTIC);
    /// The same where nothing else than success will do.
    octets encrypted(const octets &in, const octets &iv, int access = KCAPI_ACCESS_HEURISTIC);
    octets decrypted(const octets &in, const octets &iv, int access = KCAPI_ACCESS_HEURISTIC);

    /// Stream calls; `iv` empty: NULL.
    ssize_t start_encrypt(const octets &iv, pieces data = {});
    ssize_t start_decrypt(const octets &iv, pieces data = {});
    ssize_t update(pieces data) { return kcapi_cipher_stream_update(handle_, data.data(), data.size()); }
    ssize_t update_last(pieces data) {
        return kcapi_cipher_stream_update_last(handle_, data.data(), data.size());
    }
    ssize_t end() { return kcapi_cipher_stream_update_last(handle_, nullptr, 0); }
    ssize_t collect(pieces room) { return kcapi_cipher_stream_op(handle_, room.data(), room.size()); }
    /// One call with room for `room` bytes; `out` gets what came.
    ssize_t collect(std::size_t room, octets &out);
    /// Calls until `total` bytes have come.
    octets collect_all(std::size_t total, std::size_t room = 65536);

  private:
    kcapi_handle *handle_ = nullptr;
};

const octets &key_16();
const octets &key_24();
const octets &key_32();
const octets &key_64();
const octets &iv_16();

} // namespace kcapi::test
