// SPDX-License-Identifier: BSD-3-Clause
//
// Declarations shared inside this folder: sockets, messages, and how they are put together.
// What the kernel tells about its algorithms is in listing.hpp; what it can do is in state.hpp.
//
// A bound socket is the kernel's tfm, an accepted one its op. Both are plain descriptors here; the error of
// each call is the kernel's, unchanged.
#pragma once

#include "afalg/listing.hpp"
#include "afalg/uapi.h"
#include "alg/engine.hpp"
#include "base/secret.hpp"
#include "base/sys.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

namespace kcapi::afalg {

struct engine_state;

// socket.cpp

[[nodiscard]] result<base::unique_fd> open_socket() noexcept;
/// Binds to an algorithm; `selection` goes into feature and mask both. EINVAL for a name that no address can
/// hold, and ENOENT for one with a zero in it, which no algorithm has.
[[nodiscard]] result<void> bind_algorithm(int fd, alg::kind type, std::string_view name,
                                          std::uint32_t selection = 0) noexcept;
/// setsockopt of SOL_ALG. A length that an int cannot hold is EINVAL, as a negative one is to the kernel.
[[nodiscard]] result<void> set_option(int fd, int option, const void *value, std::size_t size) noexcept;

/// How many bytes an op takes into its queue, and how many it processes in one pass; whole pages.
struct capacity {
    std::size_t send = 0;
    std::size_t receive = 0;

    [[nodiscard]] std::size_t pass() const noexcept { return send < receive ? send : receive; }
};
[[nodiscard]] result<capacity> read_capacity(int fd) noexcept;
/// Raises both buffers towards `size` bytes as far as the kernel lets this process; the outcome is in the
/// buffers.
[[nodiscard]] result<capacity> enlarge(int fd, std::size_t size) noexcept;

// message.cpp

/// What sendmsg and recvmsg take at most (UIO_MAXIOV).
inline constexpr std::size_t max_elements = 1024;

[[nodiscard]] result<std::size_t> send_list(int fd, base::iov_list in, const alg::control *header, int flags);
[[nodiscard]] result<std::size_t> receive_list(int fd, base::iov_list out, int flags) noexcept;

/// One sendmsg; one recvmsg. `flags` are those of the system call. EMSGSIZE for more than max_elements.
[[nodiscard]] inline result<std::size_t> send_message(int fd, base::iov_list in, const alg::control *header,
                                                      int flags) {
    return in.size() == 1 && header == nullptr ? base::sys::send(fd, in.front(), flags)
                                               : send_list(fd, in, header, flags);
}
[[nodiscard]] inline result<std::size_t> receive_message(int fd, base::iov_list out, int flags) noexcept {
    return out.size() == 1 ? base::sys::receive(fd, out.front(), flags) : receive_list(fd, out, flags);
}

/// Walks through a scatter-gather list in slices of any size. The list has at most max_elements.
class iov_slicer {
  public:
    explicit iov_slicer(base::iov_list list) noexcept : list_(list) {}
    /// The next `size` bytes, without moving on: valid until the next call.
    [[nodiscard]] base::iov_list slice(std::size_t size) noexcept;
    void advance(std::size_t size) noexcept;
    /// Copies into the list and moves on.
    void put(base::bytes from) noexcept;

  private:
    base::iov_list list_;
    std::size_t offset_ = 0;                 ///< into the first element
    std::array<iovec, max_elements> window_; // not initialised: only slice() reads what it wrote
};

/// Brings message bytes into an op that has its header: by sendmsg, or through a pipe (vmsplice and splice)
/// where that is asked for and the kernel does it. This class is the only place that knows the difference.
class feeder {
  public:
    /// `refused` is kept for the process: the kernel, or a filter before it, does not do splicing.
    explicit feeder(std::atomic<bool> &refused) noexcept : refused_(refused) {}

    /// Never sleeps. Returns how many bytes were taken, at least one.
    [[nodiscard]] result<std::size_t> feed(int fd, base::iov_list piece, bool more, bool by_splice);
    [[nodiscard]] bool can_splice() const noexcept { return !refused_.load(std::memory_order_relaxed); }

  private:
    [[nodiscard]] result<std::size_t> through_pipe(int fd, base::iov_list piece, bool more) noexcept;
    [[nodiscard]] result<void> open_pipe() noexcept;

    std::atomic<bool> &refused_;
    base::sys::pipe_pair pipe_;
};

// crypt.cpp

/// How long a complete message is, and what it yields.
struct message_size {
    std::size_t input = 0;
    std::size_t output = 0;
};
/// What can be said about a message without sending anything: its size, or EINVAL for too little space or a
/// message that lacks its associated data or tag; EMSGSIZE.
[[nodiscard]] result<message_size> size_of(const alg::request &message, const alg::properties &info,
                                           std::size_t tag_size) noexcept;
/// Whether the op's buffers matter to the message: one page in one piece fits any, and a hash has none.
[[nodiscard]] bool needs_capacity(const alg::request &message, const message_size &size,
                                  alg::kind type) noexcept;

/// A complete message on its way through an op that is idle.
struct job {
    int fd;
    const alg::request &message;
    const message_size size;
    const alg::properties &info;
    const bool chains; ///< as bound_socket's
    feeder &feed;
    capacity room;           ///< in: of the op; out: after the buffers were raised
    bool unfinished = false; ///< out: the op was told that more follows
    bool enlarged = false;   ///< out: the buffers were raised for this message
};

/// Sends the message and collects its output, without ever sleeping. After a failure the op may be left in
/// any state.
[[nodiscard]] result<std::size_t> run(job &j);

// digest.cpp

/// The same for a hash, which has no queue: it takes a message of any length at once.
[[nodiscard]] result<std::size_t> run_digest(job &j);

// operation.cpp

/// An algorithm's socket, shared by its transform and all operations.
struct bound_socket {
    bound_socket(base::unique_fd f, alg::properties i, std::shared_ptr<engine_state> s)
        : fd(std::move(f)), info(std::move(i)),
          chains(info.type == alg::kind::skcipher && passes_chain(info.name)), state(std::move(s)) {}

    /// Closed by the only operation, if that is kept without it.
    base::unique_fd fd;
    const alg::properties info;
    const bool chains; ///< a pass of the cipher goes on where the one before ended
    const std::size_t page = base::sys::page_size();
    /// Of crypt. Drivers of devices describe each page of a pass to the device, and not all know how many it
    /// takes: virtio_crypto never returns from 32. All have met 16, the most that libkcapi ever sent.
    const std::size_t longest_pass = info.hardware && chains ? 16 * page : SIZE_MAX;
    const std::shared_ptr<engine_state> state;
    /// aead: what was set; 0: the algorithm's largest.
    std::atomic<std::uint32_t> tag_size{0};

    [[nodiscard]] std::size_t effective_tag_size() const noexcept {
        const std::uint32_t chosen = tag_size;
        return chosen != 0 ? chosen : info.max_tag_size;
    }
};

[[nodiscard]] result<std::unique_ptr<alg::operation>> accept_operation(std::shared_ptr<bound_socket> parent);

} // namespace kcapi::afalg
