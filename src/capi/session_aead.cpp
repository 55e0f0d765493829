// SPDX-License-Identifier: BSD-3-Clause
//
// What session adds for authenticated encryption, where a message is one piece: nothing comes out before its
// end is known, and then all of it. The lock is held while the engine works, so what was computed about the
// queued message stays true until the engine has taken it.
#include "base/secret.hpp"
#include "capi/session.hpp"

#include <array>
#include <cerrno>

namespace kcapi::capi {

namespace {

constexpr std::size_t max_iov = 1024;

/// SO_SNDBUF and SO_RCVBUF: the most that a kernel with default limits grants, but one page less to send. So
/// what fits in also fits out, tag included; otherwise the engine would make two messages of one. The sizes
/// in effect are twice these.
constexpr int send_buffer = 210944;
constexpr int receive_buffer = 212992;

/// The first `length` bytes of a list, as a list.
class list_head {
  public:
    list_head(base::iov_list list, std::size_t length) noexcept {
        for (const iovec &v : list) {
            const std::size_t n = std::min(v.iov_len, length);
            if (n != 0)
                parts_[count_++] = {v.iov_base, n};
            length -= n;
        }
    }
    [[nodiscard]] base::iov_list view() const noexcept { return {parts_.data(), count_}; }
    void wipe() const noexcept {
        for (const iovec &v : view())
            base::wipe(v.iov_base, v.iov_len);
    }

  private:
    std::array<iovec, max_iov> parts_;
    std::size_t count_ = 0;
};

} // namespace

result<void> session::limit_message(alg::operation &op) {
    return op.set_buffers(send_buffer, receive_buffer);
}

void session::begin_message(const alg::control &header, std::uint32_t tag_size) noexcept {
    message_ = {.begun = true,
                .decrypts = header.op == alg::op_code::decrypt,
                .assoc_len = header.assoc_len,
                .tag_size = tag_size != 0 ? tag_size : transform_->info().max_tag_size};
}

/// The output of the message as it stands; nothing if it is too short for its associated data and tag.
std::optional<std::size_t> session::output_size() const noexcept {
    const auto length = static_cast<std::size_t>(put_in_);
    if (!message_.decrypts)
        return length < message_.assoc_len ? std::nullopt : std::optional(length + message_.tag_size);
    if (length < message_.assoc_len + message_.tag_size)
        return std::nullopt;
    return length - message_.tag_size;
}

result<void> session::wait_for_end(lock &held, bool wait) {
    while (!has_ended()) {
        const std::uint32_t seen = changed_.current();
        if (!message_.begun) {
            // Without a key there is nothing to wait for. Asking for no bytes tells, and does nothing else.
            if (const result<void> made = have_operation(); !made)
                return made.error();
            if (const result<std::size_t> r = operation_->receive({}, {.more = false, .dont_wait = true}); !r)
                return r.error();
        }
        if (!wait)
            return error{EAGAIN, "aead: the message has not ended"};
        if (const result<void> slept = sleep(held, seen); !slept)
            return slept;
    }
    return {};
}

result<std::size_t> session::collect_aead(lock &held, base::iov_list out, bool wait) {
    if (out.size() > max_iov)
        return error{EMSGSIZE, "too many iovecs"};
    const std::optional<std::size_t> room = base::total_length(out);
    if (!room)
        return error{EINVAL, "iovec lengths"};
    if (*room == 0 && !has_ended())
        return 0U;
    if (const result<void> r = wait_for_end(held, wait); !r)
        return r.error();
    const std::optional<std::size_t> wanted = output_size();
    if (!wanted) {
        discard();
        return error{EINVAL, "aead: the message is shorter than its associated data and tag"};
    }
    if (*room < *wanted)
        return *room == 0 ? result<std::size_t>(0U) : error{EINVAL, "aead: the buffers are below the output"};

    // A message without output is verified by asking for a byte, which does not come.
    std::uint8_t none = 0;
    const iovec nowhere = base::to_iovec(base::mutable_bytes(&none, 1));
    const list_head exact = *wanted == 0 ? list_head({&nowhere, 1}, 1) : list_head(out, *wanted);
    result<std::size_t> r = operation_->receive(exact.view(), {.more = false, .dont_wait = true});
    if (!r && r.error().code == EFAULT)
        return r; // Nothing was consumed, and there is nothing to wipe where nobody may write.
    if (r && *r != *wanted)
        r = error{EMSGSIZE, "aead: the engine's buffers are below the message"};
    if (r) {
        message_ = {};
        put_in_ = taken_out_ = 0;
    } else {
        exact.wipe();
        discard();
    }
    changed_.notify_all();
    return r;
}

} // namespace kcapi::capi
