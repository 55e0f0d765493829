// SPDX-License-Identifier: BSD-3-Clause
//
// An op socket. send and receive are the system calls as they are; crypt makes one message of several, and
// deals with what a failure leaves behind.
#include "afalg/afalg.hpp"
#include "afalg/batch.hpp"
#include "afalg/state.hpp"
#include "afalg/straight.hpp"

#include "base/call_mutex.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <mutex>

namespace kcapi::afalg {

namespace {

using shared_fd = std::shared_ptr<base::unique_fd>;

constexpr error chain_lost{EINVAL, "the chained IV went with a failed message"};

class kernel_operation final : public alg::operation {
  public:
    kernel_operation(std::shared_ptr<bound_socket> parent, shared_fd socket)
        : parent_(std::move(parent)), feeder_(parent_->state->splice_refused), batcher_(*parent_),
          socket_(std::move(socket)), whole_(parent_->page) {}

    result<std::size_t> send(base::iov_list in, const alg::control *header, alg::call_flags flags) override;
    result<std::size_t> receive(base::iov_list out, alg::call_flags flags) override;
    result<std::size_t> crypt(const alg::request &message) override;
    void submit(std::span<alg::request> messages) override;
    result<std::unique_ptr<alg::operation>> clone() override;
    void used_by_one() noexcept override { mutex_.give_up(); }
    bool keep() override;
    bool is_as_kept() noexcept override;
    alg::readiness poll() override;
    result<void> set_buffers(std::optional<int> send_bytes, std::optional<int> receive_bytes) override;

  private:
    [[nodiscard]] bool names_state(const alg::control *header) const noexcept {
        return afalg::names_state(header, parent_->info);
    }
    [[nodiscard]] result<shared_fd> current_socket();

    // With the lock held:
    [[nodiscard]] result<std::size_t> crypt_straight(const alg::request &message, std::size_t output);
    [[nodiscard, gnu::noinline]] result<std::size_t> crypt_any(const alg::request &message);
    void learn(const std::optional<capacity> &room) noexcept {
        room_ = room;
        whole_ = room ? room->pass() : parent_->page;
    }
    /// A buffer can be raised beyond what the kernel has memory to process in one pass.
    [[nodiscard]] error failure_of(const error &e) const noexcept {
        return e.code == ENOMEM && enlarged_ ? error{EMSGSIZE, e.where} : e;
    }
    [[nodiscard]] result<void> reopen() {
        if (socket_) [[likely]]
            return {};
        return reopen_now();
    }
    [[nodiscard]] result<void> reopen_now();
    [[nodiscard]] result<void> set_buffer(int option, int value) noexcept;
    [[nodiscard]] result<capacity> room_for(const alg::request &message, const message_size &size) noexcept;
    [[nodiscard]] result<capacity> measure_room() noexcept;
    [[nodiscard]] bool is_idle() const noexcept;
    void drop() noexcept;
    void drop_unless_idle() noexcept;
    [[nodiscard]] std::size_t submit_together(std::span<alg::request> messages);
    [[nodiscard]] std::optional<batch_item> as_batch_item(alg::request &message,
                                                          const capacity &room) const noexcept;

    const std::shared_ptr<bound_socket> parent_;

    /// Held from beginning to end by calls that cannot sleep, by the others only to look up the socket. Those
    /// hold on to the socket they began with, so that its number cannot become another file's under them.
    base::call_mutex mutex_;
    feeder feeder_;
    batcher batcher_;
    shared_fd socket_;        ///< null after a failure that left it in an unknown state
    bool chain_lost_ = false; ///< the direction and IV that a message without them would go on from are gone
    std::optional<capacity> room_;   ///< of socket_, once asked for
    std::size_t whole_;              ///< what goes in and out at once for sure: a page, or as room_ says
    bool enlarged_ = false;          ///< room_ is more than the socket began with
    std::optional<int> send_buffer_; ///< what set_buffers asked for
    std::optional<int> receive_buffer_;
    std::optional<base::sys::file_identity> kept_; ///< of socket_
    int kept_by_ = 0;
};

result<std::size_t> kernel_operation::send(base::iov_list in, const alg::control *header,
                                           alg::call_flags flags) {
    std::unique_lock lock(mutex_);
    if (const result<void> r = reopen(); !r)
        return r.error();
    // A new op decrypts from an IV of zeros: taking that for the continuation would give away keystream.
    if (chain_lost_ && !names_state(header))
        return chain_lost;
    const int message_flags = (flags.more ? MSG_MORE : 0) | (flags.dont_wait ? MSG_DONTWAIT : 0);
    if (flags.dont_wait) {
        result<std::size_t> sent = send_message(socket_->get(), in, header, message_flags);
        if (sent)
            chain_lost_ = false;
        return sent;
    }
    const shared_fd socket = socket_;
    const bool lost = chain_lost_;
    lock.unlock();
    result<std::size_t> sent = send_message(socket->get(), in, header, message_flags);
    if (sent && lost) {
        lock.lock();
        if (socket == socket_)
            chain_lost_ = false;
    }
    return sent;
}

result<std::size_t> kernel_operation::receive(base::iov_list out, alg::call_flags flags) {
    std::unique_lock lock(mutex_);
    if (const result<void> r = reopen(); !r)
        return r.error();
    if (flags.dont_wait)
        return receive_message(socket_->get(), out, MSG_DONTWAIT);
    const shared_fd socket = socket_;
    lock.unlock();
    return receive_message(socket->get(), out, 0);
}

result<std::size_t> kernel_operation::crypt(const alg::request &message) {
    const std::lock_guard lock(mutex_);
    if (socket_)
        if (const std::size_t output =
                straight_output(message, parent_->info, parent_->effective_tag_size(), whole_);
            output != 0)
            return crypt_straight(message, output);
    return crypt_any(message);
}

result<std::size_t> kernel_operation::crypt_any(const alg::request &message) {
    const result<message_size> size = size_of(message, parent_->info, parent_->effective_tag_size());
    if (!size)
        return size.error();
    if (const result<void> r = reopen(); !r)
        return r.error();
    if (chain_lost_ && !names_state(message.header))
        return chain_lost;
    const result<capacity> room = room_for(message, *size);
    if (!room)
        return room.error();

    job j{.fd = socket_->get(),
          .message = message,
          .size = *size,
          .info = parent_->info,
          .chains = parent_->chains,
          .feed = feeder_,
          .room = *room};
    const result<std::size_t> done = parent_->info.type == alg::kind::hash ? run_digest(j) : run(j);
    if (j.enlarged) {
        learn(j.room);
        enlarged_ = true;
    }
    if (done) {
        chain_lost_ = chain_lost_ && !names_state(message.header);
        return done;
    }
    if (j.unfinished)
        drop();
    else
        drop_unless_idle();
    return failure_of(done.error());
}

/// The most frequent message.
result<std::size_t> kernel_operation::crypt_straight(const alg::request &message, std::size_t output) {
    const int fd = socket_->get();
    const alg::kind type = parent_->info.type;
    result<std::size_t> done = type == alg::kind::hash
                                   ? run_straight_digest(fd, message, output)
                                   : run_straight({fd, message, output, type, parent_->chains});
    if (done) {
        chain_lost_ = false;
    } else {
        drop_unless_idle();
        done = failure_of(done.error());
    }
    return done;
}

void kernel_operation::submit(std::span<alg::request> messages) {
    while (!messages.empty()) {
        std::size_t done = messages.size() > 1 ? submit_together(messages) : 0;
        if (done == 0) {
            messages.front().outcome = crypt(messages.front());
            done = 1;
        }
        messages = messages.subspan(done);
    }
}

/// As many of the first messages as can go together; returns how many have their outcome.
std::size_t kernel_operation::submit_together(std::span<alg::request> messages) {
    const std::lock_guard lock(mutex_);
    if (!reopen())
        return 0;
    if (!room_ && !measure_room())
        return 0;
    std::vector<batch_item> items;
    items.reserve(std::min(messages.size(), batcher::most));
    for (alg::request &message : messages) {
        const std::optional<batch_item> item = as_batch_item(message, *room_);
        if (!item || items.size() == batcher::most)
            break;
        items.push_back(*item);
    }
    if (items.size() < 2)
        return 0;
    const batcher::progress p = batcher_.run(socket_->get(), room_->send, items);
    if (p.done != 0)
        chain_lost_ = false;
    if (p.op == op_state::unfinished)
        drop();
    else if (p.op == op_state::unclear)
        drop_unless_idle();
    return p.done;
}

std::optional<batch_item> kernel_operation::as_batch_item(alg::request &message,
                                                          const capacity &room) const noexcept {
    // More than these few elements, and some kernels have no memory for the list.
    constexpr std::size_t few = 8;
    const alg::properties &info = parent_->info;
    const std::size_t tag_size = parent_->effective_tag_size();
    const std::size_t page = parent_->page;
    const std::size_t whole = room.pass() - std::min(room.pass(), page);
    if (const std::size_t output = straight_output(message, info, tag_size, whole); output != 0)
        return batch_item{&message, message.in.front().iov_len, output};
    const result<message_size> size = size_of(message, info, tag_size);
    if (!size || size->output == 0 || message.in.size() > few || message.out.size() > few ||
        !names_state(message.header) || (info.hardware && message.out.size() > 1))
        return std::nullopt;
    // Of a hash any length is taken at once. A kernel ends a pass of the others where an element begins
    // within the last page of the buffer.
    const std::size_t longer = std::max(size->input, size->output);
    if (info.type != alg::kind::hash && (size->input == 0 || longer + page > room.pass()))
        return std::nullopt;
    return batch_item{&message, size->input, size->output};
}

/// The kernel knows which types have copies.
result<std::unique_ptr<alg::operation>> kernel_operation::clone() {
    const result<shared_fd> socket = current_socket();
    if (!socket)
        return socket.error();
    result<base::unique_fd> fd = base::sys::accept((*socket)->get());
    if (!fd)
        return fd.error();
    auto copy = std::make_shared<base::unique_fd>(std::move(*fd));
    return std::unique_ptr<alg::operation>(std::make_unique<kernel_operation>(parent_, std::move(copy)));
}

/// Only what one descriptor is enough for: an op goes on without its tfm, and nobody else may need that.
bool kernel_operation::keep() {
    const std::lock_guard lock(mutex_);
    if (!socket_ || parent_->info.type != alg::kind::hash)
        return false;
    if (!kept_) {
        if (parent_.use_count() != 1)
            return false;
        const result<base::sys::file_identity> self = base::sys::identity(socket_->get());
        if (!self)
            return false;
        kept_ = *self;
        kept_by_ = base::sys::process_id();
        parent_->fd.reset();
    }
    return true;
}

bool kernel_operation::is_as_kept() noexcept {
    const std::lock_guard lock(mutex_);
    const result<base::sys::file_identity> self = base::sys::identity(socket_->get());
    if (!self || *self != kept_) {
        socket_->abandon();
        return false;
    }
    return base::sys::process_id() == kept_by_;
}

alg::readiness kernel_operation::poll() {
    const result<shared_fd> socket = current_socket();
    if (!socket)
        return {};
    const short events = base::sys::poll_now((*socket)->get(), POLLIN | POLLOUT).value_or(0);
    return {.readable = (events & POLLIN) != 0, .writable = (events & POLLOUT) != 0};
}

result<void> kernel_operation::set_buffers(std::optional<int> send_bytes, std::optional<int> receive_bytes) {
    const std::lock_guard lock(mutex_);
    if (const result<void> r = reopen(); !r)
        return r;
    learn(std::nullopt);
    if (send_bytes) {
        if (const result<void> r = set_buffer(SO_SNDBUF, *send_bytes); !r)
            return r;
        send_buffer_ = send_bytes;
    }
    if (receive_bytes) {
        if (const result<void> r = set_buffer(SO_RCVBUF, *receive_bytes); !r)
            return r;
        receive_buffer_ = receive_bytes;
    }
    return {};
}

result<shared_fd> kernel_operation::current_socket() {
    const std::lock_guard lock(mutex_);
    if (const result<void> r = reopen(); !r)
        return r.error();
    return socket_;
}

result<void> kernel_operation::reopen_now() {
    result<base::unique_fd> fd = base::sys::accept(parent_->fd.get());
    if (!fd)
        return fd.error();
    socket_ = std::make_shared<base::unique_fd>(std::move(*fd));
    enlarged_ = false;
    // Refused now, they stay as they are by default: crypt looks at what it has.
    if (send_buffer_)
        (void)set_buffer(SO_SNDBUF, *send_buffer_);
    if (receive_buffer_)
        (void)set_buffer(SO_RCVBUF, *receive_buffer_);
    return {};
}

result<void> kernel_operation::set_buffer(int option, int value) noexcept {
    return base::sys::setsockopt(socket_->get(), SOL_SOCKET, option, &value, sizeof value);
}

/// The buffers' sizes, which cost two calls for each op and are asked for no earlier than they matter.
result<capacity> kernel_operation::room_for(const alg::request &message, const message_size &size) noexcept {
    const std::size_t page = base::sys::page_size();
    if (room_)
        return *room_;
    if (!needs_capacity(message, size, parent_->info.type))
        return capacity{page, page};
    return measure_room();
}

result<capacity> kernel_operation::measure_room() noexcept {
    result<capacity> r = read_capacity(socket_->get());
    if (r) {
        r->send = std::min(r->send, parent_->longest_pass);
        r->receive = std::min(r->receive, parent_->longest_pass);
        learn(*r);
    }
    return r;
}

void kernel_operation::drop() noexcept {
    socket_.reset();
    // The next one has buffers as they are by default.
    learn(std::nullopt);
    chain_lost_ = true;
}

/// An op that is idle stays: it may hold the IV that the next message goes on from. Else a new one is
/// accepted when it is needed.
void kernel_operation::drop_unless_idle() noexcept {
    if (!is_idle())
        drop();
}

/// Found out by asking for a byte: an op that has nothing to give, or no key, says so. Only for an op that
/// was not told that more follows, which would say the same.
bool kernel_operation::is_idle() const noexcept {
    for (int attempt = 0; attempt < 2; ++attempt) {
        std::uint8_t stray = 0;
        const iovec byte{&stray, 1};
        const result<std::size_t> n = receive_message(socket_->get(), {&byte, 1}, MSG_DONTWAIT);
        base::wipe(&stray, 1);
        if (!n && (n.error().code == EAGAIN || n.error().code == ENOKEY))
            return true;
        if (n && *n != 0)
            return false;
        // 0 or an error: perhaps an empty message was pending, and now it is gone.
    }
    return false;
}

} // namespace

result<std::unique_ptr<alg::operation>> accept_operation(std::shared_ptr<bound_socket> parent) {
    result<base::unique_fd> fd = base::sys::accept(parent->fd.get());
    if (!fd)
        return fd.error();
    auto socket = std::make_shared<base::unique_fd>(std::move(*fd));
    return std::unique_ptr<alg::operation>(
        std::make_unique<kernel_operation>(std::move(parent), std::move(socket)));
}

} // namespace kcapi::afalg
