// SPDX-License-Identifier: BSD-3-Clause
//
// Several independent messages with few entries into the kernel. What this process may use is found by
// trying, in this order, and kept for the process:
//
//   jointly    skcipher: the data of all messages in one send; for each message its header, which is no data
//              but sets the IV anew, and a receive of its length. As one chain of calls by io_uring, else
//              call by call: a message so costs a third of what it does alone
//   io_uring   one op; send, receive, send, receive ... as one chain of calls
//   Linux AIO  an op for each message; a send each, all receives at once
//
// Where none is there, messages go one by one, which is the caller's way for all that is not taken here.
#pragma once

#include "afalg/afalg.hpp"
#include "afalg/control.hpp"
#include "base/call_ring.hpp"
#include "base/read_queue.hpp"

#include <vector>

namespace kcapi::afalg {

/// A message that one send and one receive on an idle op process: its header leaves nothing to be carried on,
/// and it fits the buffers.
struct batch_item {
    alg::request *message = nullptr;
    std::size_t input = 0;
    std::size_t output = 0; ///< not 0
};

/// What a batch left in the op.
enum class op_state : std::uint8_t {
    idle,
    unclear,   ///< the last message failed; asking the op tells what is left
    unfinished ///< something is left, and the op was told that more follows
};

/// For one thread at a time.
class batcher {
  public:
    static constexpr std::size_t most = base::read_queue::capacity;

    explicit batcher(const bound_socket &parent) noexcept : parent_(parent) {}

    struct progress {
        std::size_t done = 0; ///< so many items, from the first, have their outcome
        op_state op = op_state::idle;
    };
    /// Processes items, at most `most` of them, the last of a full run on `op`, which queues `room` bytes.
    /// Nothing done: one by one, please.
    [[nodiscard]] progress run(int op, std::size_t room, std::span<batch_item> items);

  private:
    [[nodiscard]] base::call_ring *ring() noexcept;
    [[nodiscard]] base::read_queue *queue() noexcept;
    [[nodiscard]] std::size_t joint(std::span<const batch_item> items, std::size_t room) const noexcept;
    [[nodiscard]] progress jointly(base::call_ring *ring, int op, std::span<batch_item> items);
    [[nodiscard]] progress by_ring(base::call_ring &ring, int op, std::span<batch_item> items);
    [[nodiscard]] progress by_queue(base::read_queue &queue, int op, std::span<batch_item> items);

    const bound_socket &parent_;
    std::optional<base::call_ring> ring_;
    std::optional<base::read_queue> queue_;
    std::vector<base::unique_fd> ops_; ///< idle, for by_queue
};

} // namespace kcapi::afalg
