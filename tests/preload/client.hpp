// SPDX-License-Identifier: BSD-3-Clause
// A program's own AF_ALG calls, as thin as can be. Nothing here knows what serves them.
#pragma once

#include <linux/if_alg.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace client {

using text = std::vector<std::uint8_t>;

/// A call's value, or its errno as a negative number.
template <class T>
long told(T r) {
    return r < 0 ? -static_cast<long>(errno) : static_cast<long>(r);
}

/// Closes what it holds.
class descriptor {
  public:
    descriptor() = default;
    explicit descriptor(int fd) : fd_(fd) {}
    descriptor(descriptor &&other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    descriptor &operator=(descriptor &&other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~descriptor() { close(); }
    operator int() const { return fd_; }
    void close() {
        if (fd_ >= 0)
            ::close(std::exchange(fd_, -1));
    }
    [[nodiscard]] int take() { return std::exchange(fd_, -1); }

  private:
    int fd_ = -1;
};

/// sockaddr_alg as bytes, since tests need odd ones.
text address(std::string_view type, std::string_view name, std::size_t size = 88);
long bind_to(int fd, const text &address);
long bind_to(int fd, std::string_view type, std::string_view name);

/// A transform; the test fails if it cannot be had.
descriptor open(std::string_view type, std::string_view name);
long set_key(int fd, const text &key);
descriptor accept(int fd, int flags = 0);
/// An operation of a new transform with a key.
descriptor operation(std::string_view type, std::string_view name, const text &key, int flags = 0);
/// cbc(aes) under a fixed key.
descriptor cbc(int flags = 0);
/// A hash without key.
descriptor hash(std::string_view name = "sha256");

struct header {
    std::optional<std::uint32_t> op;
    std::optional<text> iv;
    std::optional<std::uint32_t> assoc_len;
    text raw; ///< put in front as it is
};
text control_of(const header &h);
long send(int fd, const text &data, int flags = 0);
long send(int fd, const header &h, const text &data, int flags = 0);
/// At most `size` bytes; the test fails if they do not come.
text receive(int fd, std::size_t size, int flags = MSG_DONTWAIT);
/// The value alone.
long receive_count(int fd, std::size_t size, int flags = MSG_DONTWAIT);

inline constexpr std::uint32_t encrypt = ALG_OP_ENCRYPT;
inline constexpr std::uint32_t decrypt = ALG_OP_DECRYPT;

text message(std::size_t size, unsigned seed = 0);
text some_key(std::size_t size = 16);
text some_iv(std::size_t size = 16);
header encryption();
std::string hex(const text &t);

/// SHA-256 of "abc" and of nothing.
extern const char *const digest_of_abc;
extern const char *const digest_of_nothing;

/// Runs `f` in a child and gives its exit status; 255 for a child that a signal ended.
template <class F>
int in_child(F f);
int finish_child(pid_t child);

template <class F>
int in_child(F f) {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(f() ? 0 : 1);
    return finish_child(child);
}

} // namespace client
