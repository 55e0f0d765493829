// SPDX-License-Identifier: BSD-3-Clause
// The kernel itself: nothing of ours lies between a script and the system calls.
#include "oracle/backend.hpp"

#include <linux/if_alg.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace kcapi::oracle {

namespace {

long checked(long r) noexcept { return r < 0 ? -static_cast<long>(errno) : r; }

/// Builds the control messages in the order OP, IV, ASSOCLEN.
class control_messages {
  public:
    explicit control_messages(const control_data &head) {
        if (head.op)
            add(ALG_SET_OP, &*head.op, sizeof *head.op);
        if (head.iv) {
            const auto length = static_cast<std::uint32_t>(head.iv->size());
            std::vector<std::uint8_t> value(sizeof length + head.iv->size());
            std::memcpy(value.data(), &length, sizeof length);
            std::copy(head.iv->begin(), head.iv->end(), value.begin() + sizeof length);
            add(ALG_SET_IV, value.data(), value.size());
        }
        if (head.assoc_len)
            add(ALG_SET_AEAD_ASSOCLEN, &*head.assoc_len, sizeof *head.assoc_len);
    }

    [[nodiscard]] std::vector<std::uint8_t> &bytes() noexcept { return bytes_; }

  private:
    void add(int type, const void *value, std::size_t size) {
        const std::size_t at = bytes_.size();
        bytes_.resize(at + CMSG_SPACE(size));
        cmsghdr head{};
        head.cmsg_len = CMSG_LEN(size);
        head.cmsg_level = SOL_ALG;
        head.cmsg_type = type;
        std::memcpy(bytes_.data() + at, &head, sizeof head);
        std::memcpy(bytes_.data() + at + CMSG_LEN(0), value, size);
    }

    std::vector<std::uint8_t> bytes_;
};

msghdr message_of(std::span<const iovec> list) noexcept {
    msghdr m{};
    // The structure serves both directions and has no const form.
    m.msg_iov = const_cast<iovec *>(list.data());
    m.msg_iovlen = list.size();
    return m;
}

class sockets_backend : public backend {
  public:
    handle open(const std::string &type, const std::string &name) override {
        const int fd = ::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
        if (fd < 0)
            return -static_cast<long>(errno);
        constexpr std::size_t name_at = offsetof(sockaddr_alg, salg_name);
        std::vector<char> address(name_at + name.size() + 1);
        sockaddr_alg head{};
        head.salg_family = AF_ALG;
        std::memcpy(head.salg_type, type.data(), std::min(type.size(), sizeof head.salg_type));
        std::memcpy(address.data(), &head, name_at);
        std::memcpy(address.data() + name_at, name.data(), name.size());
        const long r = checked(::bind(fd, reinterpret_cast<const sockaddr *>(address.data()),
                                      static_cast<socklen_t>(address.size())));
        if (r < 0) {
            close(fd);
            return r;
        }
        return fd;
    }

    handle accept(handle transform) override {
        return checked(::accept4(static_cast<int>(transform), nullptr, nullptr, SOCK_CLOEXEC));
    }

    void close(handle object) override { (void)::close(static_cast<int>(object)); }

    long set_key(handle transform, std::span<const std::uint8_t> key) override {
        return checked(::setsockopt(static_cast<int>(transform), SOL_ALG, ALG_SET_KEY, key.data(),
                                    static_cast<socklen_t>(key.size())));
    }

    /// The size is the length of a value that nobody looks at.
    long set_tag_size(handle transform, std::uint32_t size) override {
        return checked(
            ::setsockopt(static_cast<int>(transform), SOL_ALG, ALG_SET_AEAD_AUTHSIZE, nullptr, size));
    }

    long send(handle operation, const control_data &head, std::span<const iovec> in, bool more,
              bool dont_wait) override {
        control_messages control(head);
        msghdr m = message_of(in);
        if (head.any()) {
            m.msg_control = control.bytes().data();
            m.msg_controllen = control.bytes().size();
        }
        const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0) | (dont_wait ? MSG_DONTWAIT : 0);
        return checked(::sendmsg(static_cast<int>(operation), &m, flags));
    }

    long receive(handle operation, std::span<const iovec> out, bool dont_wait) override {
        msghdr m = message_of(out);
        return checked(::recvmsg(static_cast<int>(operation), &m, dont_wait ? MSG_DONTWAIT : 0));
    }

    long set_send_buffer(handle operation, int size) override {
        return set_buffer(operation, SO_SNDBUF, size);
    }
    long set_receive_buffer(handle operation, int size) override {
        return set_buffer(operation, SO_RCVBUF, size);
    }

    poll_state poll(handle operation) override {
        pollfd p{static_cast<int>(operation), POLLIN | POLLOUT, 0};
        (void)::poll(&p, 1, 0);
        return {(p.revents & POLLIN) != 0, (p.revents & POLLOUT) != 0};
    }

  private:
    static long set_buffer(handle operation, int option, int size) {
        return checked(::setsockopt(static_cast<int>(operation), SOL_SOCKET, option, &size, sizeof size));
    }
};

} // namespace

std::unique_ptr<backend> make_sockets_backend() { return std::make_unique<sockets_backend>(); }

} // namespace kcapi::oracle
