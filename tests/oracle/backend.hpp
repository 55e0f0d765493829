// SPDX-License-Identifier: BSD-3-Clause
//
// What a script runs on. A backend makes one call at a time for each object; calls on different objects, and
// a send and a receive on one operation, may come from different threads at once.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace kcapi::alg {
class engine;
}

namespace kcapi::oracle {

/// A number that names a transform or an operation; negative: the errno value that explains why there is
/// none.
using handle = long;

/// Control data with its bytes at hand. What is not given does not travel.
struct control_data {
    std::optional<std::uint32_t> op;
    std::optional<std::span<const std::uint8_t>> iv;
    std::optional<std::uint32_t> assoc_len;

    [[nodiscard]] bool any() const noexcept { return op || iv || assoc_len; }
};

struct poll_state {
    bool readable = false;
    bool writable = false;

    friend bool operator==(const poll_state &, const poll_state &) = default;
};

class backend {
  public:
    virtual ~backend() = default;
    backend(const backend &) = delete;
    backend &operator=(const backend &) = delete;

    virtual handle open(const std::string &type, const std::string &name) = 0;
    /// Of a transform, or of an operation, which is copied.
    virtual handle accept(handle parent) = 0;
    virtual void close(handle object) = 0;

    // A count, or 0, or the negative errno value.
    virtual long set_key(handle transform, std::span<const std::uint8_t> key) = 0;
    virtual long set_tag_size(handle transform, std::uint32_t size) = 0;
    virtual long send(handle operation, const control_data &head, std::span<const iovec> in, bool more,
                      bool dont_wait) = 0;
    virtual long receive(handle operation, std::span<const iovec> out, bool dont_wait) = 0;
    virtual long set_send_buffer(handle operation, int size) = 0;
    virtual long set_receive_buffer(handle operation, int size) = 0;

    virtual poll_state poll(handle operation) = 0;

  protected:
    backend() = default;
};

/// System calls on AF_ALG sockets.
[[nodiscard]] std::unique_ptr<backend> make_sockets_backend();
/// Any engine, through the seam.
[[nodiscard]] std::unique_ptr<backend> make_seam_backend(std::unique_ptr<alg::engine> engine);

} // namespace kcapi::oracle
