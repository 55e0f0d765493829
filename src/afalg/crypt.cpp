// SPDX-License-Identifier: BSD-3-Clause
//
// One complete message of any length through an idle op, with the result of one pass:
//
//   fits the buffers      header and data in one send, one receive; run_straight for one buffer each way.
//                         Every op has room for a page, so that of such a message nothing else has to be
//                         known
//   longer, mode chains   header, then pieces that are collected as they go; the kernel carries the IV on
//   longer, does not      the buffers are raised until the message fits
//
// Every call is made so that it cannot sleep, and asks for exactly what there is.
#include "afalg/afalg.hpp"
#include "afalg/control.hpp"
#include "afalg/listing.hpp"
#include "afalg/straight.hpp"

#include <algorithm>
#include <cerrno>

namespace kcapi::afalg {

namespace {

/// A list of more elements is copied: each takes a slot of the pipe and an entry in the op's memory, which is
/// bounded.
constexpr std::size_t max_spliced_elements = 16;

class runner {
  public:
    explicit runner(job &j)
        : job_(j), input_(j.size.input), output_(j.size.output), page_(base::sys::page_size()),
          chains_(j.chains), out_(j.message.out) {}

    result<std::size_t> run() {
        result<std::size_t> r = run_message();
        // Unverified plaintext, or parts of a message; but where nobody can write there is nothing to wipe.
        if (!r && collected_ && job_.info.type == alg::kind::aead && r.error().code != EFAULT)
            wipe_output();
        return r;
    }

  private:
    [[nodiscard]] bool fits() const noexcept {
        return input_ <= job_.room.send && std::max(input_, output_) <= job_.room.receive;
    }

    result<std::size_t> run_message() {
        if (!fits() && !chains_)
            if (const result<void> r = make_room(); !r)
                return r.error();
        // splice cannot be told not to wait, so the op must have a page to spare, however the data lie in the
        // pages.
        by_splice_ = job_.message.how == alg::transfer::splice && job_.feed.can_splice() && input_ != 0 &&
                     output_ != 0 && job_.message.in.size() <= max_spliced_elements &&
                     job_.room.send >= 2 * page_;
        const std::size_t piece = std::max(job_.room.pass() - page_, page_);
        if (fits() && !(by_splice_ && input_ <= piece))
            return whole();
        return in_pieces(piece);
    }

    result<void> make_room() {
        const result<capacity> raised = enlarge(job_.fd, std::max(input_, output_) + page_);
        if (!raised)
            return raised.error();
        job_.room = *raised;
        job_.enlarged = true;
        if (!fits())
            return error{EMSGSIZE, "crypt: longer than the socket's buffers"};
        return {};
    }

    result<std::size_t> whole() {
        const result<std::size_t> sent =
            send_message(job_.fd, job_.message.in, job_.message.header, MSG_DONTWAIT);
        if (!sent)
            return sent;
        // The buffer had room: the kernel lacks the memory for the message, and now has a shorter one.
        if (*sent != input_)
            return error{EMSGSIZE, "sendmsg"};
        if (output_ == 0)
            return finish_empty();
        std::size_t got = 0;
        while (got < output_) {
            const result<std::size_t> n = collect(output_ - got);
            if (!n)
                return n;
            got += *n;
            // Where passes do not chain, a second one would be another message.
            if (*n == 0 || (got < output_ && !chains_))
                return error{EIO, "recvmsg"};
        }
        return got;
    }

    result<std::size_t> in_pieces(std::size_t piece) {
        // A short send leaves MORE as it was. So it is switched on by a message that cannot come short.
        const result<std::size_t> begun =
            send_message(job_.fd, {}, job_.message.header, MSG_MORE | MSG_DONTWAIT);
        if (!begun)
            return begun;
        job_.unfinished = true;
        const std::size_t chunk = std::max<std::size_t>(job_.info.chunk_size, 1);
        iov_slicer in(job_.message.in);
        std::size_t sent = 0;
        std::size_t got = 0;
        while (got < output_) {
            const std::size_t queued = sent - got;
            if (sent < input_ && queued < piece) {
                const std::size_t n = std::min(piece - queued, input_ - sent);
                const result<std::size_t> taken =
                    job_.feed.feed(job_.fd, in.slice(n), sent + n < input_, by_splice_);
                if (taken) {
                    in.advance(*taken);
                    sent += *taken;
                    continue;
                }
                // Full before its time: what is there goes first, if it may go alone.
                const bool full = taken.error().code == EAGAIN || taken.error().code == ENOMEM;
                if (!full || !chains_ || queued < chunk)
                    return taken;
            }
            const result<std::size_t> n = collect(sent == input_ ? output_ - got : queued / chunk * chunk);
            if (!n)
                return n;
            if (*n == 0)
                return error{EIO, "recvmsg"};
            got += *n;
        }
        return got;
    }

    /// Receives up to `size` bytes that are there. A kernel ends a pass where an element begins within the
    /// last page of the receive buffer, or has no memory for a list of some twenty elements: it gets one
    /// buffer then, and we scatter. So does a device, to which each element is as good as a page.
    result<std::size_t> collect(std::size_t size) noexcept {
        collected_ = true;
        const base::iov_list list = out_.slice(size);
        const bool scattered = list.size() > 1;
        if (!scattered || (size + page_ <= job_.room.receive && !job_.info.hardware)) {
            const result<std::size_t> n = receive_message(job_.fd, list, MSG_DONTWAIT);
            if (n)
                out_.advance(*n);
            if (n || !scattered || n.error().code != ENOMEM)
                return n;
        }
        result<base::secret_buffer> bounce = base::secret_buffer::make(size);
        if (!bounce)
            return bounce.error();
        const iovec one = base::to_iovec(bounce->span());
        const result<std::size_t> n = receive_message(job_.fd, {&one, 1}, MSG_DONTWAIT);
        if (n)
            out_.put(bounce->view().first(*n));
        return n;
    }

    /// An empty message is processed as well, but not before somebody asks for at least one byte.
    result<std::size_t> finish_empty() noexcept {
        std::uint8_t nothing = 0;
        const iovec byte{&nothing, 1};
        const result<std::size_t> n = receive_message(job_.fd, {&byte, 1}, MSG_DONTWAIT);
        if (n && *n != 0)
            return error{EIO, "recvmsg"};
        return n;
    }

    void wipe_output() noexcept {
        iov_slicer all(job_.message.out);
        for (const iovec &v : all.slice(output_))
            base::wipe(v.iov_base, v.iov_len);
    }

    job &job_;
    const std::size_t input_;
    const std::size_t output_;
    const std::size_t page_;
    const bool chains_;
    bool by_splice_ = false;
    bool collected_ = false; ///< or tried to
    iov_slicer out_;
};

/// What a complete message of `size` bytes yields, with `space` bytes for it.
result<std::size_t> output_of(const alg::request &message, const alg::properties &info, std::size_t tag_size,
                              std::size_t size, std::size_t space) noexcept {
    switch (info.type) {
    case alg::kind::skcipher:
        return size;
    case alg::kind::hash:
        return std::min<std::size_t>(space, info.digest_size);
    case alg::kind::aead: {
        const bool encrypts = message.header != nullptr && message.header->op == alg::op_code::encrypt;
        const std::size_t assoc_len = message.header != nullptr ? message.header->assoc_len : 0;
        // The kernel's op would be stuck with such a message.
        if (size < assoc_len + (encrypts ? 0 : tag_size))
            return error{EINVAL, "crypt: shorter than associated data and tag"};
        return encrypts ? size + tag_size : size - tag_size;
    }
    default:
        return error{EOPNOTSUPP, "crypt"};
    }
}

} // namespace

result<message_size> size_of(const alg::request &message, const alg::properties &info,
                             std::size_t tag_size) noexcept {
    const std::optional<std::size_t> input = base::total_length(message.in);
    const std::optional<std::size_t> space = base::total_length(message.out);
    if (!input || !space || message.in.size() > max_elements || message.out.size() > max_elements)
        return error{EMSGSIZE, "crypt"};
    const result<std::size_t> output = output_of(message, info, tag_size, *input, *space);
    if (!output)
        return output.error();
    if (*space < *output)
        return error{EINVAL, "crypt: the output is too small"};
    return message_size{*input, *output};
}

bool needs_capacity(const alg::request &message, const message_size &size, alg::kind type) noexcept {
    if (type == alg::kind::hash)
        return false;
    return message.how == alg::transfer::splice || message.out.size() > 1 ||
           std::max(size.input, size.output) > base::sys::page_size();
}

result<std::size_t> run_straight(const straight_job &j) {
    const iovec &in = j.message.in.front();
    {
        msghdr input = message_of(j.message.in);
        control_block control;
        if (const result<void> r = control.build(*j.message.header); !r)
            return r.error();
        control.attach(input);
        const result<std::size_t> sent = base::sys::sendmsg(j.fd, input, MSG_DONTWAIT);
        if (!sent)
            return sent;
        // The kernel lacks the memory for the message, and now has a shorter one.
        if (*sent != in.iov_len)
            return error{EMSGSIZE, "sendmsg"};
    }
    const iovec out{j.message.out.front().iov_base, j.output};
    iovec rest = out;
    for (;;) {
        result<std::size_t> n = base::sys::receive(j.fd, rest, MSG_DONTWAIT);
        if (n && *n == rest.iov_len)
            return j.output;
        // Where passes do not chain, a second one would be another message.
        if (n && (*n == 0 || !j.chains))
            n = error{EIO, "recvmsg"};
        if (!n) {
            if (j.type == alg::kind::aead && n.error().code != EFAULT)
                base::wipe(out.iov_base, out.iov_len);
            return n;
        }
        rest = {static_cast<std::uint8_t *>(rest.iov_base) + *n, rest.iov_len - *n};
    }
}

result<std::size_t> run(job &j) { return runner(j).run(); }

} // namespace kcapi::afalg
