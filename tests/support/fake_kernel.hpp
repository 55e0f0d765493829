// SPDX-License-Identifier: BSD-3-Clause
//
// A small AF_ALG and NETLINK_CRYPTO in memory: the rules of queue, header, passes and buffers as real kernels
// have them, over a toy cipher whose right answer is easy to know. A call that a real kernel would sleep in
// fails with EDEADLK and is counted: nothing under test here may ever sleep.
#pragma once

#include "alg/engine.hpp"
#include "base/bytes.hpp"

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kcapi::test {

using byte_vector = std::vector<std::uint8_t>;

/// An implementation in the fake's list. `info` is what netlink and /proc/crypto tell.
struct toy_algorithm {
    alg::properties info;
    bool chains = false;      ///< a pass continues where the one before it ended
    bool whole_blocks = true; ///< the cipher refuses a length that is no multiple of the block
    bool async = false;
    bool allocates = false;
    bool instance = false;
    bool internal = false;
    bool tested = true;
    bool bindable = true;
};

/// A skcipher with keys of 16 to 32 bytes.
[[nodiscard]] toy_algorithm toy_cipher(std::string name, std::string driver, int priority,
                                       std::uint32_t block, std::uint32_t chunk, std::uint32_t iv,
                                       bool chains);

/// What toy_aead and toy_hash compute.
[[nodiscard]] byte_vector toy_tag(base::bytes iv, base::bytes data, std::size_t size);

/// An aead with keys of 16 bytes, IVs of 12, tags of up to 16; and a hash without key.
[[nodiscard]] toy_algorithm toy_aead_algorithm();
[[nodiscard]] toy_algorithm toy_hash_algorithm();

/// What one message yields: the toy cipher from position 0 of `iv`.
[[nodiscard]] byte_vector toy_crypt(bool encrypt, base::bytes iv, base::bytes data,
                                    std::uint64_t position = 0);

/// Datagrams of NETLINK_CRYPTO, as the kernel lays them out.
[[nodiscard]] byte_vector algorithm_message(const toy_algorithm &a, std::uint32_t sequence, bool multi);
[[nodiscard]] byte_vector error_message(int code, std::uint32_t sequence);
[[nodiscard]] byte_vector done_message(std::uint32_t sequence);
[[nodiscard]] std::string proc_text(const std::vector<toy_algorithm> &list);

class fake_kernel {
  public:
    fake_kernel();

    // What this kernel is like.
    std::vector<toy_algorithm> algorithms; ///< newest first
    int socket_error = 0;                  ///< of socket(AF_ALG)
    int netlink_error = 0;                 ///< of socket(NETLINK_CRYPTO)
    bool obeys_mask = true;
    bool ends_pass_at_elements = false;   ///< 6.12: within the last page of the receive buffer
    bool has_gap = false;                 ///< 6.12: output moves on by what was not rounded down
    std::size_t max_receive_elements = 0; ///< 6.1: ENOMEM beyond; 0: any number
    std::size_t max_pass = SIZE_MAX;      ///< ENOMEM beyond
    std::size_t max_queue = SIZE_MAX;     ///< ENOMEM beyond, whatever the buffer
    int max_buffer = 212992;              ///< net.core.wmem_max and rmem_max
    int default_buffer = 212992;
    bool may_force = false;
    int pipe_size_error = 0;
    std::uint32_t netlink_sender = 0;
    std::function<void(byte_vector &datagram)> tamper; ///< with each netlink reply

    // What happened.
    int sleeps = 0;
    std::vector<std::string> driver_lookups;

    // System calls: a result, or a negative errno.
    long socket(int domain, int type, int protocol);
    long bind(int fd, base::bytes address);
    long accept(int fd);
    long setsockopt(int fd, int level, int option, const void *value, std::size_t size);
    long getsockopt(int fd, int level, int option);
    long sendmsg(int fd, const msghdr &message, int flags, std::size_t limit);
    long recvmsg(int fd, msghdr &message, int flags, std::size_t limit);
    long poll(int fd, short events);
    long pipe(int fds[2]);
    long set_pipe_size(int fd, std::size_t size);
    long vmsplice(int fd, base::iov_list from, std::size_t limit);
    long splice(int from, int to, std::size_t length, unsigned flags, std::size_t limit);
    void close(int fd);
    long identity(int fd);
    /// What happens under the library: `fd` is closed, and its number given to another file.
    void replace(int fd);
    [[nodiscard]] bool is_open(int fd) const { return descriptors_.contains(fd); }

    [[nodiscard]] std::size_t open_descriptors() const { return descriptors_.size(); }
    [[nodiscard]] std::size_t pipe_bytes(int fd) const;

  private:
    struct file;
    struct transform_file;
    struct operation_file;
    struct netlink_file;
    struct pipe_file;

    template <class T>
    [[nodiscard]] std::shared_ptr<T> find(int fd) const;
    int add(std::shared_ptr<file> f);
    long would_sleep();
    const toy_algorithm *lookup(alg::kind type, std::string_view name, std::uint32_t mask) const;
    long take_header(operation_file &op, const msghdr &message);
    long queue_bytes(operation_file &op, base::bytes data, bool more, bool dont_wait, std::size_t limit);
    long pass(operation_file &op, base::iov_list out, std::size_t produced, std::size_t &position,
              bool dont_wait);
    long aead_pass(operation_file &op, base::iov_list out, std::size_t &position, bool dont_wait);
    static long hash_send(operation_file &op, base::bytes data, bool more, std::size_t limit);
    static long hash_receive(operation_file &op, base::iov_list out);
    long answer_query(netlink_file &n, base::bytes query);

    std::map<int, std::shared_ptr<file>> descriptors_;
    int next_descriptor_ = 100;
};

} // namespace kcapi::test
